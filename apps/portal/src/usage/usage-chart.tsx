import type { UsageSeries } from '@tollwright/services';
import { StackedBars } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { type MeasureName, measureOf } from './measure.ts';
import type { UsagePeriod } from './period.ts';
import { usageBuckets } from './usage-buckets.ts';

export interface UsageChartProps {
  /** `Calls by model`. */
  readonly title: string;
  readonly series: UsageSeries;
  readonly measure: MeasureName;
  readonly period: UsagePeriod;
  /** Without `.csv`. */
  readonly filename: string;
  readonly empty: ReactNode;
}

/** Usage over time, drawn from one answer of `usage.series`. */
export function UsageChart({ title, series, measure, period, filename, empty }: UsageChartProps) {
  return (
    <StackedBars
      title={title}
      period={period.label}
      measure={measureOf(measure)}
      granularity={period.granularity}
      timeZone={period.timeZone}
      filename={filename}
      empty={empty}
      {...usageBuckets(series, measure)}
    />
  );
}
