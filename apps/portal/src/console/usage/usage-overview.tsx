import { CsvButton, EmptyState, LinkButton, Section } from '@tollwright/ui';
import type { Caller } from '../../server/caller.ts';
import type { SearchParams } from '../../usage/address.ts';
import { MEASURES } from '../../usage/measure.ts';
import { topRows } from '../../usage/top-rows.ts';
import { UsageOverTime } from '../../usage/usage-over-time.tsx';
import { GROUPS, type GroupName, usageData } from './usage-data.ts';
import { UsageTable } from './usage-table.tsx';

export const GROUP_LABELS: Readonly<Record<GroupName, string>> = {
  model: 'Model',
  route: 'Route',
  customer: 'Customer',
  agent: 'Agent',
  api: 'API',
};

export interface UsageOverviewProps {
  readonly api: Caller;
  readonly base: string;
  readonly search: SearchParams;
}

/** One measure over time, and every group in full below it. */
export async function UsageOverview({ api, base, search }: UsageOverviewProps) {
  const { period, measure, groupBy, series, top } = await usageData(api, search);
  const path = `${base}/usage`;
  const group = GROUP_LABELS[groupBy].replace(/^[MRCA](?=[a-z])/, (letter) => letter.toLowerCase());
  const empty = (
    <EmptyState
      title={`Nothing to show in the ${period.label}`}
      action={<LinkButton href={`${base}/apis`}>Show the address to call</LinkButton>}
    >
      Call one of your APIs through the gateway, choose a longer period, or take a filter away.
    </EmptyState>
  );
  return (
    <>
      <UsageOverTime
        path={path}
        search={search}
        period={period}
        measures={MEASURES}
        measure={measure}
        groups={GROUPS.map((value) => ({ value, label: GROUP_LABELS[value] }))}
        groupBy={groupBy}
        groupNoun={group}
        series={series}
        empty={empty}
      />
      {top.groups.length > 0 ? (
        <div className="mt-8">
          <Section
            title={`Every ${group}`}
            description={`All calls of the ${period.label}.`}
            action={<CsvButton filename={`usage-by-${groupBy}-${period.name}`} rows={topRows(top, groupBy)} />}
          >
            <UsageTable top={top} groupBy={groupBy} base={base} />
          </Section>
        </div>
      ) : null}
    </>
  );
}
