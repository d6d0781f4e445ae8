import type { UsageSeries } from '@tollwright/services';
import { FilterBar } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { SearchParams } from './address.ts';
import { ChoicePicker } from './choice-picker.tsx';
import { MEASURE_LABELS, type MeasureName } from './measure.ts';
import type { UsagePeriod } from './period.ts';
import { PeriodPicker } from './period-picker.tsx';
import { UsageChart } from './usage-chart.tsx';

export interface UsageOverTimeProps {
  readonly path: string;
  readonly search: SearchParams;
  readonly period: UsagePeriod;
  /** The first one is what the page shows when the address says nothing; so with groups. */
  readonly measures: readonly MeasureName[];
  readonly measure: MeasureName;
  readonly groups: readonly { readonly value: string; readonly label: string }[];
  readonly groupBy: string;
  /** The group within a sentence; its name in the address when left out. */
  readonly groupNoun?: string;
  readonly series: UsageSeries;
  /** Begins the names of downloads. */
  readonly filePrefix?: string;
  readonly empty: ReactNode;
}

/** One measure over time by one grouping, both chosen in the address: the same control and chart on every usage page. */
export function UsageOverTime(props: UsageOverTimeProps) {
  const {
    path,
    search,
    period,
    measures,
    measure,
    groups,
    groupBy,
    groupNoun = groupBy,
    series,
    filePrefix = '',
  } = props;
  return (
    <>
      <FilterBar end={<PeriodPicker path={path} search={search} current={period.name} />}>
        <ChoicePicker
          label="Measure"
          path={path}
          search={search}
          name="measure"
          choices={measures.map((value) => ({ value, label: MEASURE_LABELS[value] }))}
          current={measure}
        />
        <ChoicePicker label="Group by" path={path} search={search} name="by" choices={groups} current={groupBy} />
      </FilterBar>
      <UsageChart
        title={`${MEASURE_LABELS[measure]} by ${groupNoun}`}
        series={series}
        measure={measure}
        period={period}
        filename={`${filePrefix}${measure}-by-${groupBy}-${period.name}`}
        empty={props.empty}
      />
    </>
  );
}
