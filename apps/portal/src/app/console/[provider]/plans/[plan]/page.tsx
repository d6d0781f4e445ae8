import { isAdditive } from '@tollwright/core';
import { Badge, LinkButton, PageHeader, Section } from '@tollwright/ui';
import { consolePage } from '../../../../../console/console-page.ts';
import { DraftForm } from '../../../../../console/plans/draft-form.tsx';
import { ArchivePlan, NewVersion } from '../../../../../console/plans/plan-actions.tsx';
import { PlanDetails } from '../../../../../console/plans/plan-details.tsx';
import { PublishedVersion } from '../../../../../console/plans/published-version.tsx';
import { VersionsList } from '../../../../../console/plans/versions-list.tsx';
import { found } from '../../../../../server/found.ts';
import { param, type SearchParams } from '../../../../../usage/address.ts';

export const metadata = { title: 'Plan' };

type Props = {
  readonly params: Promise<{ provider: string; plan: string }>;
  readonly searchParams: Promise<SearchParams>;
};

/** One plan: the version that the address names, and all others. */
export default async function PlanPage({ params, searchParams }: Props) {
  const { plan: planId } = await params;
  const { api, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/plans/${planId}`;
  const [plan, meters, features, policyTypes] = await Promise.all([
    found(api.plan.get({ planId })),
    api.meter.list({ limit: 200 }),
    api.feature.list({ limit: 200 }),
    api.policy.types({}),
  ]);
  const newest = plan.versions[0];
  const shown = plan.versions.find(({ version }) => String(version) === param(search, 'version')) ?? newest;
  const editing = mayWrite && shown?.status === 'draft';
  const subscribers = `${plan.subscribers} ${plan.subscribers === 1 ? 'subscriber' : 'subscribers'}`;
  return (
    <>
      <PageHeader
        title={plan.name}
        description={plan.description || 'What its subscribers may call, and what it costs them.'}
        trail={[{ label: 'Plans', href: `${base}/plans` }]}
        badge={
          <>
            <Badge>{subscribers}</Badge>
            {plan.customerId === null ? null : <Badge tone="blue">Private</Badge>}
          </>
        }
        action={
          mayWrite ? (
            <>
              <ArchivePlan plan={plan} plansHref={`${base}/plans`} />
              <LinkButton href={`${path}?edit=details`}>Rename</LinkButton>
              {newest?.status === 'published' ? <NewVersion plan={plan} path={path} /> : null}
            </>
          ) : null
        }
      />
      {shown && editing ? (
        <DraftForm
          key={shown.id}
          plan={plan}
          version={shown}
          meters={meters.items.filter(isAdditive)}
          features={features.items}
          policyTypes={policyTypes.items}
          metersHref={`${base}/meters`}
        />
      ) : null}
      {shown && !editing ? (
        <PublishedVersion version={shown} meters={meters.items} policyTypes={policyTypes.items} />
      ) : null}
      {shown ? (
        <div className="mt-8">
          <Section title="Versions" description="Subscribers stay on theirs until you move them.">
            <VersionsList plan={plan} path={path} shown={shown} />
          </Section>
        </div>
      ) : null}
      {mayWrite && param(search, 'edit') === 'details' ? <PlanDetails plan={plan} closeHref={path} /> : null}
    </>
  );
}
