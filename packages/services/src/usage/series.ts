import { sql, type Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { bucketOf, bucketsBetween, timeZone, usageInterval } from './buckets.ts';
import { addFigures, NO_USAGE, SUMS, type SummedRow, toFigures, usageFigures } from './figures.ts';
import { type Range, rangeOf, rollupCondition, usageFilter } from './filter.ts';
import { GROUP_COLUMN, groupLabels, usageGroup } from './group.ts';

const GROUPS_DEFAULT = 8;

export const usageSeriesInput = z.object({
  ...usageFilter,
  interval: usageInterval.optional().meta({ description: 'Default: hour up to 3 days, else day' }),
  timeZone: timeZone.optional().meta({ description: 'Whose hours and days. Default: UTC' }),
  groupBy: usageGroup.optional(),
  groupsMax: z
    .int()
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'The largest groups; the rest are summed as others' }),
});

export const usageSeriesOutput = z.object({
  from: z.string(),
  to: z.string(),
  interval: usageInterval,
  timeZone: z.string(),
  /** Beginnings of all buckets, oldest first. */
  buckets: z.array(z.string()),
  /** Largest first. `key` is null for the sum of all others, and for the only group when nothing was grouped. */
  groups: z.array(usageFigures.extend({ key: z.string().nullable(), label: z.string() })),
  /** Buckets of a group without calls are left out. */
  points: z.array(usageFigures.extend({ at: z.string(), key: z.string().nullable() })),
});
export type UsageSeries = z.output<typeof usageSeriesOutput>;

type Wanted = z.output<typeof usageSeriesInput>;
type PointRow = SummedRow & { readonly at: Date; readonly key: string | null };

/** Usage over time, in one group or several. */
export async function usageSeries(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof usageSeriesInput>,
): Promise<UsageSeries> {
  const wanted = parse(usageSeriesInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const range = rangeOf(wanted, ctx.clock());
  const interval = wanted.interval ?? (range.to.getTime() - range.from.getTime() <= 3 * 86_400_000 ? 'hour' : 'day');
  const zone = wanted.timeZone ?? 'UTC';
  return read(ctx, access, async (tx) => {
    const buckets = await tx.$queryRaw<{ at: Date }[]>(bucketsBetween(range, interval, zone));
    const points = (await pointsOf(tx, wanted, range, interval, zone)).map((row) => ({
      at: row.at.toISOString(),
      key: row.key,
      ...toFigures(row),
    }));
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      interval,
      timeZone: zone,
      buckets: buckets.map(({ at }) => at.toISOString()),
      groups: await groupsOf(tx, wanted, points),
      points,
    };
  });
}

function pointsOf(tx: Tx, wanted: Wanted, range: Range, interval: z.output<typeof usageInterval>, zone: string) {
  const group = wanted.groupBy === undefined ? sql`''::text` : GROUP_COLUMN[wanted.groupBy];
  const groupsMax = wanted.groupBy === undefined ? 0 : (wanted.groupsMax ?? GROUPS_DEFAULT);
  return tx.$queryRaw<PointRow[]>(sql`
    WITH cell AS (
      SELECT ${bucketOf(sql`r.bucket_at`, interval, zone)} AS at, ${group} AS key, ${SUMS}
      FROM usage_rollup r WHERE ${rollupCondition(wanted, range)} GROUP BY 1, 2
    ), ranked AS (
      SELECT key, row_number() OVER (ORDER BY sum(charged_nano_usd) DESC, sum(calls) DESC, key) AS place
      FROM cell GROUP BY key
    )
    SELECT r.at, CASE WHEN ranked.place <= ${groupsMax}::bigint THEN r.key END AS key, ${SUMS}
    FROM cell r JOIN ranked ON ranked.key = r.key GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST`);
}

async function groupsOf(tx: Tx, { groupBy }: Wanted, points: UsageSeries['points']): Promise<UsageSeries['groups']> {
  const totals = new Map<string | null, UsageSeries['groups'][number]>();
  for (const { key, at: _, ...figures } of points) {
    const total = totals.get(key) ?? { key, label: '', ...NO_USAGE };
    totals.set(key, { ...total, ...addFigures(total, figures) });
  }
  const keys = [...totals.keys()].filter((key) => key !== null);
  const label = groupBy === undefined ? () => 'All' : await groupLabels(tx, groupBy, keys);
  return [...totals.values()]
    .map((total) => ({
      ...total,
      label: total.key === null ? (groupBy === undefined ? 'All' : 'Others') : label(total.key),
    }))
    .sort((a, b) => Number(a.key === null) - Number(b.key === null) || bySize(a, b));
}

function bySize(a: UsageSeries['groups'][number], b: UsageSeries['groups'][number]): number {
  const money = BigInt(b.chargedNanoUsd) - BigInt(a.chargedNanoUsd);
  return money === 0n ? b.calls - a.calls : money > 0n ? 1 : -1;
}
