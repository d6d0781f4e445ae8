import { assignHues, type TimeBucket } from '@tollwright/ui';
import type { MarginSeries } from '../outputs.ts';

export const MARGIN_LABELS = {
  margin: 'Margin',
  cost: 'Cost',
  uncosted: 'Cost not known',
  loss: 'Loss',
} as const;
export const MARGIN_HUES = assignHues(Object.keys(MARGIN_LABELS));

type Point = Pick<
  MarginSeries['points'][number],
  'at' | 'revenueNanoUsd' | 'costNanoUsd' | 'marginNanoUsd' | 'uncostedRevenueNanoUsd'
>;

/** Revenue over time by what became of it, and on top of it what it did not cover. */
export function marginBuckets(points: readonly Point[]): readonly TimeBucket[] {
  return points.map(({ at, costNanoUsd, marginNanoUsd, uncostedRevenueNanoUsd }) => {
    const margin = BigInt(marginNanoUsd);
    const loss = margin < 0n ? -margin : 0n;
    const values = {
      margin: margin > 0n ? margin : 0n,
      cost: BigInt(costNanoUsd) - loss,
      uncosted: BigInt(uncostedRevenueNanoUsd),
      loss,
    };
    const drawn = Object.entries(values).filter(([, value]) => value !== 0n);
    return { at, values: Object.fromEntries(drawn.map(([key, value]) => [key, value.toString()])) };
  });
}
