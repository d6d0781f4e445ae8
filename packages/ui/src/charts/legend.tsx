import { colourOf, type FoldedSeries } from '../format/series.ts';
import { type Measure, MeasuredValue } from '../measure.tsx';

/** Names, hues and totals, largest first. */
export function StackedBarsLegend({ folded, measure }: { readonly folded: FoldedSeries; readonly measure: Measure }) {
  return (
    <ul aria-label="Legend" className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {folded.series.map(({ key, label, total }) => (
        <li key={key} data-series={key} className="flex min-w-0 items-center gap-1.5">
          <span
            aria-hidden
            className="size-2.5 shrink-0 rounded-xs"
            style={{ background: colourOf(folded.hues, key) }}
          />
          <span className="max-w-52 truncate text-muted">{label}</span>
          <MeasuredValue measure={measure} value={total} className="text-ink" />
        </li>
      ))}
    </ul>
  );
}
