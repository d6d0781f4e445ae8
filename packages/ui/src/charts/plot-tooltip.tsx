import { colourOf, type FoldedBucket, type FoldedSeries } from '../format/series.ts';
import { formatBucketFull, type Granularity } from '../format/time.ts';
import { formatMeasureExact, type Measure } from '../measure.tsx';

export interface PlotTooltipProps {
  readonly bucket: FoldedBucket | undefined;
  readonly folded: FoldedSeries;
  readonly measure: Measure;
  readonly granularity: Granularity;
  readonly timeZone: string;
}

/** One bucket in exact figures, in the order of the legend. */
export function PlotTooltip({ bucket, folded, measure, granularity, timeZone }: PlotTooltipProps) {
  if (!bucket) return null;
  const present = folded.series.filter(({ key }) => (bucket.values[key] ?? 0n) !== 0n);
  return (
    <div className="min-w-48 rounded-md bg-raised px-3 py-2 text-xs text-ink shadow-raised">
      <p className="mb-1.5 font-medium">
        {formatBucketFull(new Date(bucket.at), granularity, timeZone)}{' '}
        <span className="font-normal text-faint">{timeZone}</span>
      </p>
      {present.map(({ key, label }) => (
        <p key={key} className="flex items-center justify-between gap-6 py-px">
          <span className="flex min-w-0 items-center gap-1.5 text-muted">
            <span
              aria-hidden
              className="size-2 shrink-0 rounded-xs"
              style={{ background: colourOf(folded.hues, key) }}
            />
            <span className="max-w-44 truncate">{label}</span>
          </span>
          <span className="tabular">{formatMeasureExact(measure, bucket.values[key] ?? 0n)}</span>
        </p>
      ))}
      <p className="mt-1.5 flex justify-between gap-6 border-t border-line pt-1.5 font-medium">
        <span>Total</span>
        <span className="tabular">{formatMeasureExact(measure, bucket.total)}</span>
      </p>
    </div>
  );
}
