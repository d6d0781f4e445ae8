import { joinSql, type Sql, sql } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId, timestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { bucketOf, timeZone, usageInterval } from './buckets.ts';
import { type Range, rangeOf } from './filter.ts';

const ROWS_MAX = 10_000;

export const queryMeterInput = z.object({
  providerId,
  customerId: customerId.optional(),
  meter: z.string().min(1).max(48).meta({ description: 'Slug of the meter' }),
  from: timestamp.optional(),
  to: timestamp.optional(),
  interval: usageInterval.optional().meta({ description: 'One row a bucket; without it one row for the whole period' }),
  timeZone: timeZone.optional(),
  groupBy: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*){0,3}$/, 'must be up to 4 names joined by commas, such as model,agent')
    .optional()
    .meta({ description: 'Dimensions of the meter, or agent and customer, joined by commas' }),
  agentId: idText.optional(),
  livemode: z.boolean().optional(),
});
export const queryMeterOutput = z.object({
  meter: z.string(),
  from: z.string(),
  to: z.string(),
  rows: z.array(
    z.object({
      at: z.string().nullable(),
      /** Dimension -> value; null where an event had none. */
      group: z.record(z.string(), z.string().nullable()),
      quantity: z.string().meta({ description: 'A whole number as text' }),
    }),
  ),
});

type Wanted = z.output<typeof queryMeterInput>;

/** What a meter measured, over time and by its dimensions. Throws `not-found` for a meter that the provider never had. */
export async function queryMeter(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof queryMeterInput>,
): Promise<z.output<typeof queryMeterOutput>> {
  const wanted = parse(queryMeterInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const range = rangeOf(wanted, ctx.clock());
  const names = wanted.groupBy?.split(',') ?? [];
  const found = await read(ctx, access, async (tx) => {
    const { providerId: provider, meter: slug } = wanted;
    const meter = await tx.meter.findFirst({ where: { providerId: provider, slug }, select: { id: true } });
    if (meter === null) throw notFound();
    return tx.$queryRaw<{ at: Date | null; names: (string | null)[]; quantity: bigint }[]>(
      statement(wanted, range, names),
    );
  });
  return {
    meter: wanted.meter,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    rows: found.map((row) => ({
      at: row.at?.toISOString() ?? null,
      group: Object.fromEntries(names.map((name, index) => [name, row.names[index] ?? null])),
      quantity: row.quantity.toString(),
    })),
  };
}

function statement(wanted: Wanted, range: Range, names: readonly string[]): Sql {
  const at =
    wanted.interval === undefined
      ? sql`NULL::timestamptz`
      : bucketOf(sql`r.bucket_at`, wanted.interval, wanted.timeZone ?? 'UTC');
  const group = names.length === 0 ? sql`ARRAY[]::text[]` : sql`ARRAY[${joinSql(names.map(dimension), ', ')}]`;
  const conditions = [
    sql`r.provider_id = ${wanted.providerId}`,
    sql`r.meter = ${wanted.meter}`,
    sql`r.bucket_at >= ${range.from.toISOString()}::timestamptz`,
    sql`r.bucket_at < ${range.to.toISOString()}::timestamptz`,
    sql`r.livemode = ${wanted.livemode ?? true}`,
    ...(wanted.customerId === undefined ? [] : [sql`r.customer_id = ${wanted.customerId}`]),
    ...(wanted.agentId === undefined ? [] : [sql`r.agent_id = ${wanted.agentId}`]),
  ];
  return sql`SELECT ${at} AS at, ${group} AS names, sum(r.quantity)::bigint AS quantity
    FROM meter_rollup r WHERE ${joinSql(conditions, ' AND ')} GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ${ROWS_MAX}::bigint`;
}

function dimension(name: string): Sql {
  if (name === 'agent') return sql`nullif(r.agent_id, '')`;
  if (name === 'customer') return sql`nullif(r.customer_id, '')`;
  return sql`(r.dimensions::jsonb ->> ${name}::text)`;
}
