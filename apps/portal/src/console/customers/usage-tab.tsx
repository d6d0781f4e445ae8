import { CsvButton, EmptyState, FilterBar, Section } from '@tollwright/ui';
import type { Caller } from '../../server/caller.ts';
import { choice, type SearchParams } from '../../usage/address.ts';
import { ChoicePicker } from '../../usage/choice-picker.tsx';
import { periodOf } from '../../usage/period.ts';
import { PeriodPicker } from '../../usage/period-picker.tsx';
import { UsageChart } from '../../usage/usage-chart.tsx';
import { topRows } from '../../usage/top-rows.ts';
import { UsageTable } from '../usage/usage-table.tsx';

const GROUPS = ['model', 'agent', 'route'] as const;
const MEASURES = ['charged', 'calls', 'tokens'] as const;
const LABELS = { charged: 'Charged', calls: 'Calls', tokens: 'Tokens' } as const;

export interface UsageTabProps {
  readonly api: Caller;
  readonly customerId: string;
  readonly base: string;
  readonly path: string;
  readonly search: SearchParams;
}

/** What one customer used. */
export async function UsageTab({ api, customerId, base, path, search }: UsageTabProps) {
  const { timeZone } = await api.provider.get({});
  const period = periodOf(search, timeZone, Date.now());
  const groupBy = choice(search, 'by', GROUPS);
  const measure = choice(search, 'measure', MEASURES);
  const { from, to, interval } = period;
  const [series, top] = await Promise.all([
    api.usage.series({ customerId, from, to, interval, timeZone, groupBy, groupsMax: 7 }),
    api.usage.top({ customerId, from, to, groupBy, orderBy: measure, limit: 200 }),
  ]);
  return (
    <>
      <FilterBar end={<PeriodPicker path={path} search={search} current={period.name} />}>
        <ChoicePicker
          label="Measure"
          path={path}
          search={search}
          name="measure"
          choices={MEASURES.map((value) => ({ value, label: LABELS[value] }))}
          current={measure}
        />
        <ChoicePicker
          label="Group by"
          path={path}
          search={search}
          name="by"
          choices={GROUPS.map((value) => ({ value, label: `By ${value}` }))}
          current={groupBy}
        />
      </FilterBar>
      <UsageChart
        title={`${LABELS[measure]} by ${groupBy}`}
        series={series}
        measure={measure}
        period={period}
        filename={`customer-${measure}-by-${groupBy}-${period.name}`}
        empty={<EmptyState title={`No calls in the ${period.label}`}>Calls of its agents appear here.</EmptyState>}
      />
      {top.groups.length > 0 ? (
        <div className="mt-8">
          <Section
            title={`Every ${groupBy}`}
            action={<CsvButton filename={`customer-usage-by-${groupBy}-${period.name}`} rows={topRows(top, groupBy)} />}
          >
            <UsageTable top={top} groupBy={groupBy} base={base} customerId={customerId} />
          </Section>
        </div>
      ) : null}
    </>
  );
}
