'use client';

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { colourOf, type FoldedSeries } from '../format/series.ts';
import { formatBucket, type Granularity } from '../format/time.ts';
import { toDrawn } from '../format/whole.ts';
import { formatMeasureCompact, type Measure } from '../measure.tsx';
import { PlotTooltip } from './plot-tooltip.tsx';

export interface StackedBarsPlotProps {
  readonly label: string;
  readonly folded: FoldedSeries;
  readonly measure: Measure;
  readonly granularity: Granularity;
  readonly timeZone: string;
}

const TICK = { fill: 'var(--ink-faint)', fontSize: 12 };

/** The drawing itself. Bars are floats of exact sums; every figure that is read comes from the sums. */
export function StackedBarsPlot({ label, folded, measure, granularity, timeZone }: StackedBarsPlotProps) {
  const data = folded.buckets.map(({ at, values }) => ({
    at,
    ...Object.fromEntries(folded.series.map(({ key }, index) => [`v${index}`, toDrawn(values[key] ?? 0n)])),
  }));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={data}
        margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
        barCategoryGap="18%"
        maxBarSize={44}
        aria-label={label}
        title=""
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          tickFormatter={(at: string) => formatBucket(new Date(at), granularity, timeZone)}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          minTickGap={28}
          interval="preserveStartEnd"
        />
        <YAxis
          width={52}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          tickCount={5}
          tickFormatter={(value: number) => formatMeasureCompact(measure, BigInt(Math.round(value)))}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--ink)', opacity: 0.05 }}
          content={(state) => (
            <PlotTooltip
              bucket={state.active ? folded.buckets.find(({ at }) => at === state.label) : undefined}
              folded={folded}
              measure={measure}
              granularity={granularity}
              timeZone={timeZone}
            />
          )}
        />
        {folded.series.map(({ key }, index) => (
          <Bar
            key={key}
            dataKey={`v${index}`}
            stackId="all"
            fill={colourOf(folded.hues, key)}
            stroke="var(--paper)"
            strokeWidth={1}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
