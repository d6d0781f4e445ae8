import type { CsvCell } from '../format/csv.ts';
import { formatNanoUsdExact } from '../format/money.ts';
import type { FoldedSeries } from '../format/series.ts';
import type { Measure } from '../measure.tsx';

/** The chart as rows for a file: the bucket's beginning in UTC, one exact column per series, the total. */
export function bucketRows(folded: FoldedSeries, unit: string, measure: Measure): readonly (readonly CsvCell[])[] {
  const write = (value: bigint) =>
    measure.kind === 'money' ? formatNanoUsdExact(value).replaceAll(',', '') : value.toString();
  return [
    ['from (UTC)', ...folded.series.map(({ label }) => `${label} (${unit})`), `total (${unit})`],
    ...folded.buckets.map(({ at, values, total }) => [
      new Date(at).toISOString(),
      ...folded.series.map(({ key }) => write(values[key] ?? 0n)),
      write(total),
    ]),
  ];
}
