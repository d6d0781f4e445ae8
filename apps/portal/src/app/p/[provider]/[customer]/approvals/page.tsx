import { EmptyState, PageHeader } from '@tollwright/ui';
import { ApprovalsTable } from '../../../../../consumer/approvals/approvals-table.tsx';
import { OwnersOnly } from '../../../../../consumer/owners-only.tsx';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { KeepFresh } from '../../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Approvals' };

type Props = { readonly params: Promise<PortalParams> };

/** Payments that agents want to make and that an owner has to approve. */
export default async function ApprovalsPage({ params }: Props) {
  const { api, provider, mayWrite } = await portalPage(params);
  const { items } = await api.approval.list({ limit: 100 });
  return (
    <>
      <PageHeader
        title="Approvals"
        description={`${provider.name} takes large payments of an agent only after an owner approved them. The agent's wallet pays; you decide whether it may.`}
        action={
          <>
            <KeepFresh readAt={new Date().toISOString()} />
            {mayWrite ? null : <OwnersOnly can="approve payments" />}
          </>
        }
      />
      <ApprovalsTable
        approvals={items}
        mayWrite={mayWrite}
        empty={
          <EmptyState title="Nothing was asked for yet">
            Where an agent wants to pay more than {provider.name} takes without an approval, it is refused, and you find
            it here.
          </EmptyState>
        }
      />
    </>
  );
}
