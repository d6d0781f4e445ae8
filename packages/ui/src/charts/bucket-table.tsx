import type { FoldedSeries } from '../format/series.ts';
import { formatBucketFull, type Granularity } from '../format/time.ts';
import { formatMeasureCompact, formatMeasureExact, type Measure, measureUnit } from '../measure.tsx';
import { ScrollRegion } from '../scroll-region.tsx';

export interface BucketTableProps {
  readonly title: string;
  readonly folded: FoldedSeries;
  readonly measure: Measure;
  readonly granularity: Granularity;
  readonly timeZone: string;
}

/** The chart as a table, for those who read rather than look. Newest first; buckets without use are left out. */
export function BucketTable({ title, folded, measure, granularity, timeZone }: BucketTableProps) {
  const used = folded.buckets.filter(({ total }) => total !== 0n).toReversed();
  return (
    <details className="mt-3 text-sm">
      <summary className="inline-block rounded-sm text-muted hover:text-ink">Show as table</summary>
      <ScrollRegion label={`${title} as a table`} className="mt-2 max-h-80 overflow-auto border-y border-line">
        <table className="w-full border-collapse text-right">
          <caption className="sr-only">{title}</caption>
          <thead className="sticky top-0 bg-paper text-xs text-faint">
            <tr>
              <th scope="col" className="h-8 pr-4 text-left font-medium whitespace-nowrap">
                From ({timeZone})
              </th>
              <th scope="col" className="px-3 font-medium">
                Total, {measureUnit(measure)}
              </th>
              {folded.series.map(({ key, label }) => (
                <th key={key} scope="col" className="px-3 font-medium whitespace-nowrap">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {used.map(({ at, values, total }) => (
              <tr key={at} data-bucket={at} className="border-t border-line">
                <th scope="row" className="h-8 pr-4 text-left font-normal whitespace-nowrap text-muted">
                  {formatBucketFull(new Date(at), granularity, timeZone)}
                </th>
                <td className="px-3 font-medium">
                  <Cell measure={measure} value={total} />
                </td>
                {folded.series.map(({ key }) => (
                  <td key={key} className="px-3" data-series={key}>
                    <Cell measure={measure} value={values[key] ?? 0n} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}

/** The head of the table says the unit, once. */
function Cell({ measure, value }: { readonly measure: Measure; readonly value: bigint }) {
  return (
    <span data-exact={value.toString()} title={formatMeasureExact(measure, value)}>
      {formatMeasureCompact(measure, value)}
    </span>
  );
}
