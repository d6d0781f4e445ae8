import { sql } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { bucketOf, bucketsBetween, timeZone, usageInterval } from '../usage/buckets.ts';
import { rangeOf, rollupCondition } from '../usage/filter.ts';
import { addMarginRows, MARGIN_SUMS, type MarginRow, marginFigures, NO_MARGIN, toMarginFigures } from './figures.ts';
import { marginFilter, toUsageFilter } from './filter.ts';

export const marginSeriesInput = z.object({
  ...marginFilter,
  interval: usageInterval.optional().meta({ description: 'Default: hour up to 3 days, else day' }),
  timeZone: timeZone.optional().meta({ description: 'Whose hours and days. Default: UTC' }),
});
export const marginSeriesOutput = z.object({
  from: z.string(),
  to: z.string(),
  interval: usageInterval,
  timeZone: z.string(),
  total: marginFigures,
  /** Every bucket, oldest first, also those without calls. */
  points: z.array(marginFigures.extend({ at: z.string() })),
});

/** Revenue, cost and margin over time. The provider's affair alone. */
export async function marginSeries(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof marginSeriesInput>,
): Promise<z.output<typeof marginSeriesOutput>> {
  const wanted = parse(marginSeriesInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const range = rangeOf(wanted, ctx.clock());
  const interval = wanted.interval ?? (range.to.getTime() - range.from.getTime() <= 3 * 86_400_000 ? 'hour' : 'day');
  const zone = wanted.timeZone ?? 'UTC';
  return read(ctx, access, async (tx) => {
    const buckets = await tx.$queryRaw<{ at: Date }[]>(bucketsBetween(range, interval, zone));
    const rows = await tx.$queryRaw<(MarginRow & { at: Date })[]>(sql`
      SELECT ${bucketOf(sql`r.bucket_at`, interval, zone)} AS at, ${MARGIN_SUMS} FROM usage_rollup r
      WHERE ${rollupCondition(toUsageFilter(wanted), range)} GROUP BY 1`);
    const byMoment = new Map(rows.map((row) => [row.at.getTime(), row]));
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      interval,
      timeZone: zone,
      total: toMarginFigures(rows.reduce<MarginRow>(addMarginRows, NO_MARGIN)),
      points: buckets.map(({ at }) => ({
        at: at.toISOString(),
        ...toMarginFigures(byMoment.get(at.getTime()) ?? NO_MARGIN),
      })),
    };
  });
}
