import type { UsageSeries } from '@tollwright/services';
import { assignHues, type HueMap, type TimeBucket } from '@tollwright/ui';
import { type MeasureName, measured } from './measure.ts';

/** Stands for the sum of the groups that were not asked for, which the series calls null. */
export const OTHERS_KEY = '(others)';
const NONE_KEY = '(none)';

export interface UsageBuckets {
  readonly buckets: readonly TimeBucket[];
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of size; the sum of others has none. */
  readonly hues: HueMap;
}

/** A usage series as bars: one measure, every bucket of the period, also the empty ones. */
export function usageBuckets(series: UsageSeries, measure: MeasureName): UsageBuckets {
  const values = new Map(series.buckets.map((at) => [at, {} as Record<string, string>]));
  for (const point of series.points) {
    const value = measured(measure, point);
    const bucket = values.get(point.at);
    if (bucket && value !== '0') bucket[keyOf(point.key)] = value;
  }
  const keys = series.groups.filter((group) => group.key !== null).map((group) => keyOf(group.key));
  const ungrouped = keys.length === 0;
  return {
    buckets: [...values].map(([at, bucket]) => ({ at, values: bucket })),
    labels: Object.fromEntries(series.groups.map((group) => [keyOf(group.key), group.label])),
    hues: assignHues(ungrouped ? [OTHERS_KEY] : keys),
  };
}

function keyOf(key: string | null): string {
  return key === null ? OTHERS_KEY : key === '' ? NONE_KEY : key;
}
