import { EmptyState, FilterBar, Section, StackedBars } from '@tollwright/ui';
import type { SearchParams } from '../../usage/address.ts';
import { ChoicePicker } from '../../usage/choice-picker.tsx';
import type { UsagePeriod } from '../../usage/period.ts';
import { PeriodPicker } from '../../usage/period-picker.tsx';
import { UsageChart } from '../../usage/usage-chart.tsx';
import type { ProviderHome, UsageSeries } from '../outputs.ts';
import { type CHARTS, GROUPS } from './home-data.ts';
import { REVENUE_HUES, REVENUE_LABELS, revenueBuckets } from './revenue-buckets.ts';

export interface HomeChartProps {
  readonly home: ProviderHome;
  /** Null where revenue is shown. */
  readonly series: UsageSeries | null;
  readonly chart: (typeof CHARTS)[number];
  readonly groupBy: (typeof GROUPS)[number];
  readonly period: UsagePeriod;
  readonly path: string;
  readonly search: SearchParams;
}

const CHOICES = [
  { value: 'revenue', label: 'Revenue' },
  { value: 'calls', label: 'Calls' },
  { value: 'tokens', label: 'Tokens' },
];
const GROUP_CHOICES = GROUPS.map((value) => ({ value, label: `By ${value}` }));

/** Revenue by where it comes from, or calls and tokens by what was called. */
export function HomeChart({ home, series, chart, groupBy, period, path, search }: HomeChartProps) {
  const empty = (
    <EmptyState title={`No ${chart} in the ${period.label}`}>
      Calls through the gateway appear here within five seconds.
    </EmptyState>
  );
  return (
    <Section title="Over time" rule={false}>
      <FilterBar end={<PeriodPicker path={path} search={search} current={period.name} />}>
        <ChoicePicker label="What" path={path} search={search} name="chart" choices={CHOICES} current={chart} />
        {series ? (
          <ChoicePicker label="By" path={path} search={search} name="by" choices={GROUP_CHOICES} current={groupBy} />
        ) : null}
      </FilterBar>
      {series && chart !== 'revenue' ? (
        <UsageChart
          title={`${chart === 'calls' ? 'Calls' : 'Tokens'} by ${groupBy}`}
          series={series}
          measure={chart}
          period={period}
          filename={`${chart}-by-${groupBy}-${period.name}`}
          empty={empty}
        />
      ) : (
        <StackedBars
          title="Revenue by source"
          period={period.label}
          measure={{ kind: 'money' }}
          granularity={period.granularity}
          timeZone={period.timeZone}
          buckets={revenueBuckets(home)}
          labels={REVENUE_LABELS}
          hues={REVENUE_HUES}
          filename={`revenue-${period.name}`}
          empty={empty}
        />
      )}
    </Section>
  );
}
