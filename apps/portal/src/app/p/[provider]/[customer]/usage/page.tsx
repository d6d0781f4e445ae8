import { FilterBar, PageHeader } from '@tollwright/ui';
import { CallSheet } from '../../../../../consumer/calls/call-sheet.tsx';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { CallsSection } from '../../../../../consumer/usage/calls-section.tsx';
import { callsData, filterOptions, usageData } from '../../../../../consumer/usage/usage-data.ts';
import { UsageOverview } from '../../../../../consumer/usage/usage-overview.tsx';
import { hrefWith, type SearchParams } from '../../../../../usage/address.ts';
import { FilterSelect } from '../../../../../usage/filter-select.tsx';
import { KeepFresh } from '../../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Usage' };

type Props = { readonly params: Promise<PortalParams>; readonly searchParams: Promise<SearchParams> };

/** Where the money went: over time, by agent, model and route, and call by call. */
export default async function CustomerUsagePage({ params, searchParams }: Props) {
  const { api, base, customer } = await portalPage(params);
  const search = await searchParams;
  const [usage, calls, { agents, models, routes }] = await Promise.all([
    usageData(api, customer.id, search),
    callsData(api, search),
    filterOptions(api, search, Date.now()),
  ]);
  const { call } = calls;
  return (
    <>
      <PageHeader
        title="Usage"
        description="What your agents called, and what it cost."
        action={<KeepFresh readAt={new Date().toISOString()} />}
      />
      <FilterBar className="mb-5">
        <FilterSelect label="Agent" name="agent" emptyLabel="All agents" options={agents} />
        <FilterSelect label="Model" name="model" emptyLabel="All models" options={models} />
        <FilterSelect label="Route" name="route" emptyLabel="All routes" options={routes} />
      </FilterBar>
      <UsageOverview data={usage} base={base} search={search} />
      <CallsSection data={calls} base={base} search={search} />
      {call ? (
        <CallSheet call={call} base={base} closeHref={hrefWith(`${base}/usage`, search, { call: null })} />
      ) : null}
    </>
  );
}
