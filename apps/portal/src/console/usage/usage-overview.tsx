import { CsvButton, EmptyState, FilterBar, LinkButton, Section } from '@tollwright/ui';
import type { Caller } from '../../server/caller.ts';
import type { SearchParams } from '../../usage/address.ts';
import { ChoicePicker } from '../../usage/choice-picker.tsx';
import { PeriodPicker } from '../../usage/period-picker.tsx';
import { topRows } from '../../usage/top-rows.ts';
import { UsageChart } from '../../usage/usage-chart.tsx';
import { GROUPS, type GroupName, usageData } from './usage-data.ts';
import { UsageTable } from './usage-table.tsx';

export const GROUP_LABELS: Readonly<Record<GroupName, string>> = {
  model: 'Model',
  route: 'Route',
  customer: 'Customer',
  agent: 'Agent',
  api: 'API',
};
const MEASURE_LABELS = { charged: 'Charged', calls: 'Calls', tokens: 'Tokens', errors: 'Errors' } as const;
const MEASURE_CHOICES = Object.entries(MEASURE_LABELS).map(([value, label]) => ({ value, label }));

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
      <FilterBar end={<PeriodPicker path={path} search={search} current={period.name} />}>
        <ChoicePicker
          label="Measure"
          path={path}
          search={search}
          name="measure"
          choices={MEASURE_CHOICES}
          current={measure}
        />
        <ChoicePicker
          label="Group by"
          path={path}
          search={search}
          name="by"
          choices={GROUPS.map((value) => ({ value, label: GROUP_LABELS[value] }))}
          current={groupBy}
        />
      </FilterBar>
      <UsageChart
        title={`${MEASURE_LABELS[measure]} by ${group}`}
        series={series}
        measure={measure}
        period={period}
        filename={`${measure}-by-${groupBy}-${period.name}`}
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
