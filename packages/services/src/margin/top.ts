import { sql } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { rangeOf, rollupCondition } from '../usage/filter.ts';
import { GROUP_COLUMN, groupLabels } from '../usage/group.ts';
import { MARGIN_SUMS, type MarginRow, marginFigures, toMarginFigures } from './figures.ts';
import { marginFilter, marginGroup, toUsageFilter } from './filter.ts';

export const marginTopInput = z.object({
  ...marginFilter,
  groupBy: marginGroup,
  orderBy: z.enum(['loss', 'revenue', 'cost', 'calls']).optional().meta({ description: 'Default: revenue' }),
  limit: z.int().min(1).max(200).optional().meta({ description: 'Default: 10' }),
});
export const marginTopOutput = z.object({
  from: z.string(),
  to: z.string(),
  /** Of all groups, not only of those listed. */
  total: marginFigures,
  groups: z.array(marginFigures.extend({ key: z.string(), label: z.string() })),
});

const ORDER = {
  loss: sql`costed_charged - cost, charged DESC`,
  revenue: sql`charged DESC, cost DESC`,
  cost: sql`cost DESC, charged DESC`,
  calls: sql`calls DESC`,
} as const;

/** Which APIs, customers, agents or models bring in how much and cost how much, and the total. The provider's affair alone. */
export async function marginTop(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof marginTopInput>,
): Promise<z.output<typeof marginTopOutput>> {
  const wanted = parse(marginTopInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const range = rangeOf(wanted, ctx.clock());
  const where = rollupCondition(toUsageFilter(wanted), range);
  return read(ctx, access, async (tx) => {
    const [total] = await tx.$queryRaw<MarginRow[]>(sql`SELECT ${MARGIN_SUMS} FROM usage_rollup r WHERE ${where}`);
    const rows = await tx.$queryRaw<(MarginRow & { key: string })[]>(sql`
      SELECT * FROM (
        SELECT ${GROUP_COLUMN[wanted.groupBy]} AS key, ${MARGIN_SUMS} FROM usage_rollup r WHERE ${where} GROUP BY 1
      ) AS found ORDER BY ${ORDER[wanted.orderBy ?? 'revenue']}, key LIMIT ${wanted.limit ?? 10}::bigint`);
    const keys = rows.map(({ key }) => key);
    const label = await groupLabels(tx, wanted.groupBy, keys);
    if (total === undefined) throw new Error('a sum answers one row');
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      total: toMarginFigures(total),
      groups: rows.map((row) => ({ key: row.key, label: label(row.key), ...toMarginFigures(row) })),
    };
  });
}
