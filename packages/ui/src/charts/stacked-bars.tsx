'use client';

import { lazy, type ReactNode, Suspense, useSyncExternalStore } from 'react';
import { classNames } from '../class-names.ts';
import { CsvButton } from '../csv-button.tsx';
import { foldSeries, type HueMap, type TimeBucket } from '../format/series.ts';
import type { Granularity } from '../format/time.ts';
import { type Measure, MeasuredValue, measureUnit } from '../measure.tsx';
import { Skeleton } from '../skeleton.tsx';
import { BucketTable } from './bucket-table.tsx';
import { StackedBarsLegend } from './legend.tsx';
import { bucketRows } from './rows.ts';

export interface StackedBarsProps {
  /** What is shown: `Tokens by model`. */
  readonly title: string;
  /** Over which time: `Last 7 days`. A number never stands without its period. */
  readonly period: string;
  /** What may still change: `last 10 s not counted yet`. */
  readonly note?: ReactNode;
  readonly measure: Measure;
  /** Every bucket of the period in order, empty ones too. */
  readonly buckets: readonly TimeBucket[];
  readonly granularity: Granularity;
  /** The zone the buckets are cut in; `UTC` unless said otherwise. */
  readonly timeZone?: string;
  /** Names for keys that are ids. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The page's hues, so that a key looks the same in all its charts. */
  readonly hues?: HueMap | undefined;
  /** Without `.csv`. */
  readonly filename: string;
  readonly empty: ReactNode;
  readonly loading?: boolean;
  readonly className?: string;
}

// The drawing library travels only to pages that draw, and after the figures are there to be read.
const StackedBarsPlot = lazy(async () => ({ default: (await import('./stacked-bars-plot.tsx')).StackedBarsPlot }));

const PLOT_HEIGHT = 'h-60';

/** What was consumed over time, by key. Drawn from whole numbers; the same rows are in the table and in the file. */
export function StackedBars(props: StackedBarsProps) {
  const {
    title,
    period,
    note,
    measure,
    buckets,
    granularity,
    timeZone = 'UTC',
    labels,
    hues,
    filename,
    empty,
    loading = false,
    className,
  } = props;
  const mounted = useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  );
  const folded = foldSeries(buckets, labels, hues);
  const unit = measureUnit(measure);
  const isEmpty = !loading && folded.total === 0n;
  return (
    <figure className={classNames('min-w-0', className)} aria-busy={loading || undefined}>
      <figcaption className="mb-3 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <p className="text-base font-semibold text-ink">{title}</p>
          <div className="text-sm text-muted">
            {loading ? (
              <Skeleton className="my-1 h-3 w-40" />
            ) : (
              <MeasuredValue figure="total" measure={measure} value={folded.total} className="text-ink" />
            )}
            {loading ? null : (
              <span className="text-faint">
                {' '}
                · {period}, {timeZone}
              </span>
            )}
            {note ? <span className="text-faint"> · {note}</span> : null}
          </div>
        </div>
        {loading || isEmpty ? null : <CsvButton filename={filename} rows={bucketRows(folded, unit, measure)} />}
      </figcaption>
      {isEmpty ? (
        empty
      ) : (
        <>
          <div className={PLOT_HEIGHT}>
            {mounted && !loading ? (
              <Suspense fallback={<PlotSkeleton label={title} />}>
                <StackedBarsPlot
                  label={`${title}, ${period}. The same figures are in the table below.`}
                  folded={folded}
                  measure={measure}
                  granularity={granularity}
                  timeZone={timeZone}
                />
              </Suspense>
            ) : (
              <PlotSkeleton label={loading ? `Loading ${title.toLowerCase()}` : title} />
            )}
          </div>
          {loading ? <Skeleton className="mt-3 h-5 w-64" /> : <StackedBarsLegend folded={folded} measure={measure} />}
          {loading ? null : (
            <BucketTable
              title={title}
              folded={folded}
              measure={measure}
              granularity={granularity}
              timeZone={timeZone}
            />
          )}
        </>
      )}
    </figure>
  );
}

const SKELETON_HEIGHTS = [38, 52, 45, 70, 62, 80, 57, 74, 66, 88, 60, 72, 50, 64];

function PlotSkeleton({ label }: { readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="flex h-full items-end gap-2 pb-6 pl-12">
      {SKELETON_HEIGHTS.map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars of a placeholder have no identity
        <div key={index} className="flex-1 animate-breathe rounded-xs bg-hover" style={{ height: `${height}%` }} />
      ))}
    </div>
  );
}

function noSubscription(): () => void {
  return () => undefined;
}
