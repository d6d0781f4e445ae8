import { FilterBar, PageHeader, Tabs } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { CallsList } from '../../../../console/usage/calls-list.tsx';
import { filterOptions } from '../../../../console/usage/usage-data.ts';
import { UsageOverview } from '../../../../console/usage/usage-overview.tsx';
import { choice, hrefWith, param, type SearchParams } from '../../../../usage/address.ts';
import { FilterSelect } from '../../../../usage/filter-select.tsx';
import { KeepFresh } from '../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Usage' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

const STATUSES = [
  { value: 'ok', label: 'Answered well' },
  { value: 'error', label: 'Errors' },
];

/** What was called, by whom, and what it cost. */
export default async function UsagePage({ params, searchParams }: Props) {
  const { api, base } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/usage`;
  const view = choice(search, 'view', ['overview', 'calls']);
  const { customers, routes, models } = await filterOptions(api, Date.now());
  const agent = param(search, 'agent');
  const filtered = { cursor: null, call: null, status: null };
  return (
    <>
      <PageHeader
        title="Usage"
        description="What was called, by whom, and what it cost."
        action={<KeepFresh readAt={new Date().toISOString()} />}
      />
      <Tabs
        label="Usage"
        items={[
          {
            label: 'Over time',
            href: hrefWith(path, search, { ...filtered, view: null }),
            current: view === 'overview',
          },
          { label: 'Calls', href: hrefWith(path, search, { ...filtered, view: 'calls' }), current: view === 'calls' },
        ]}
      />
      <FilterBar className="mb-5">
        <FilterSelect label="Customer" name="customer" emptyLabel="All customers" options={customers} />
        <FilterSelect label="Route" name="route" emptyLabel="All routes" options={routes} />
        <FilterSelect label="Model" name="model" emptyLabel="All models" options={models} />
        {agent ? (
          <FilterSelect
            label="Agent"
            name="agent"
            emptyLabel="All agents"
            options={[{ value: agent, label: await agentName(api, agent) }]}
          />
        ) : null}
        {view === 'calls' ? (
          <FilterSelect label="Status" name="status" emptyLabel="All statuses" options={STATUSES} />
        ) : null}
      </FilterBar>
      {view === 'calls' ? (
        <CallsList api={api} base={base} search={search} />
      ) : (
        <UsageOverview api={api} base={base} search={search} />
      )}
    </>
  );
}

/** An agent's name by its calls of the last days: agents are listed by customer only. */
async function agentName(api: Parameters<typeof filterOptions>[0], agentId: string): Promise<string> {
  const { groups } = await api.usage.top({ agentId, groupBy: 'agent', limit: 1 });
  return groups[0]?.label ?? agentId;
}
