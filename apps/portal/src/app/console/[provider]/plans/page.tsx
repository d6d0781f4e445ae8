import { EmptyState, LinkButton, PageHeader } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { OwnersOnly } from '../../../../console/owners-only.tsx';
import { PlansTable } from '../../../../console/plans/plans-table.tsx';

export const metadata = { title: 'Plans' };

/** What agent owners can subscribe to. */
export default async function PlansPage({ params }: { readonly params: Promise<{ provider: string }> }) {
  const { api, base, mayWrite } = await consolePage(params);
  const [plans, customers] = await Promise.all([api.plan.list({ limit: 200 }), api.customer.list({ limit: 200 })]);
  const create = (
    <OwnersOnly mayWrite={mayWrite} can="create plans">
      <LinkButton href={`${base}/plans/new`} variant="primary">
        Create plan
      </LinkButton>
    </OwnersOnly>
  );
  return (
    <>
      <PageHeader
        title="Plans"
        description="What agent owners subscribe to: limits, quotas and prices, in versions that never change."
        action={plans.items.length > 0 ? create : null}
      />
      <PlansTable
        plans={plans.items}
        customerNames={new Map(customers.items.map(({ id, name }) => [id, name]))}
        path={`${base}/plans`}
        empty={
          <EmptyState title="No plans yet" action={create}>
            A plan says how fast and how much its subscribers may call, and what it costs. Start with a free one,
            publish it, and it appears in your portal.
          </EmptyState>
        }
      />
    </>
  );
}
