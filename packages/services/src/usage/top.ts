import { sql } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { SUMS, type SummedRow, toFigures, usageFigures } from './figures.ts';
import { rangeOf, rollupCondition, usageFilter } from './filter.ts';
import { GROUP_COLUMN, groupLabels, usageGroup } from './group.ts';

export const usageTopInput = z.object({
  ...usageFilter,
  groupBy: usageGroup,
  orderBy: z.enum(['charged', 'calls', 'tokens', 'errors']).optional().meta({ description: 'Default: charged' }),
  limit: z.int().min(1).max(200).optional().meta({ description: 'Default: 10' }),
});
export const usageTopOutput = z.object({
  from: z.string(),
  to: z.string(),
  /** Of all groups, not only of those listed. */
  total: usageFigures,
  groups: z.array(usageFigures.extend({ key: z.string(), label: z.string() })),
});

const ORDER = {
  charged: sql`charged_nano_usd DESC, calls DESC`,
  calls: sql`calls DESC`,
  tokens: sql`input_tokens + output_tokens DESC`,
  errors: sql`errors DESC, calls DESC`,
} as const;

/** The largest agents, models, routes, … of a period, and the total. */
export async function usageTop(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof usageTopInput>,
): Promise<z.output<typeof usageTopOutput>> {
  const wanted = parse(usageTopInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const range = rangeOf(wanted, ctx.clock());
  const where = rollupCondition(wanted, range);
  return read(ctx, access, async (tx) => {
    const [total] = await tx.$queryRaw<SummedRow[]>(sql`SELECT ${SUMS} FROM usage_rollup r WHERE ${where}`);
    const rows = await tx.$queryRaw<(SummedRow & { key: string })[]>(sql`
      SELECT * FROM (
        SELECT ${GROUP_COLUMN[wanted.groupBy]} AS key, ${SUMS} FROM usage_rollup r WHERE ${where} GROUP BY 1
      ) AS found ORDER BY ${ORDER[wanted.orderBy ?? 'charged']}, key LIMIT ${wanted.limit ?? 10}::bigint`);
    const label = await groupLabels(
      tx,
      wanted.groupBy,
      rows.map((row) => row.key),
    );
    if (total === undefined) throw new Error('a sum answers one row');
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      total: toFigures(total),
      groups: rows.map((row) => ({ key: row.key, label: label(row.key), ...toFigures(row) })),
    };
  });
}
