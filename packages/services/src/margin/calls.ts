import { nanoUsdText, signedNanoUsdText } from '@tollwright/contracts';
import { joinSql, type Sql, sql } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { type Range, rangeOf } from '../usage/filter.ts';
import { groupLabels } from '../usage/group.ts';
import { marginFilter } from './filter.ts';

const { projectId: _, ...callFilter } = marginFilter;

export const marginCallsInput = z.object({
  ...callFilter,
  eventId: z.string().max(64).optional().meta({ description: 'This call alone, whenever it was and in either mode' }),
  orderBy: z.enum(['loss', 'newest']).optional().meta({ description: 'Default: loss, the worst first' }),
  limit: z.int().min(1).max(200).optional().meta({ description: 'Default: 10' }),
});
export const marginCallsOutput = z.object({
  calls: z.array(
    z.object({
      eventId: z.string(),
      requestId: z.string(),
      occurredAt: z.string(),
      apiId: z.string(),
      routeId: z.string(),
      customerId: z.string().nullable(),
      customerName: z.string().nullable(),
      agentId: z.string().nullable(),
      agentName: z.string().nullable(),
      model: z.string().nullable(),
      revenueNanoUsd: nanoUsdText,
      /** Null: not known. */
      costNanoUsd: nanoUsdText.nullable(),
      marginNanoUsd: signedNanoUsdText.nullable(),
    }),
  ),
});

interface CallRow {
  readonly event_id: string;
  readonly request_id: string;
  readonly occurred_at: Date;
  readonly api_id: string;
  readonly route_id: string;
  readonly customer_id: string | null;
  readonly agent_id: string | null;
  readonly model: string | null;
  readonly charged: bigint;
  readonly cost: bigint | null;
}

type Wanted = z.output<typeof marginCallsInput>;

/** What single calls brought in and cost: those that lost most, or the newest. The provider's affair alone. */
export async function marginCalls(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof marginCallsInput>,
): Promise<z.output<typeof marginCallsOutput>> {
  const wanted = parse(marginCallsInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const where = conditionOf(wanted, rangeOf(wanted, ctx.clock()));
  const order =
    wanted.orderBy === 'newest'
      ? sql`e.occurred_at DESC`
      : sql`e.charged_nano_usd - e.cost_nano_usd ASC NULLS LAST, e.occurred_at DESC`;
  return read(ctx, access, async (tx) => {
    const rows = await tx.$queryRaw<CallRow[]>(sql`
      SELECT e.event_id, e.request_id, e.occurred_at, e.api_id, e.route_id, e.customer_id, e.agent_id, e.model,
        e.charged_nano_usd AS charged, e.cost_nano_usd AS cost
      FROM usage_event e WHERE ${where} ORDER BY ${order}, e.event_id DESC LIMIT ${wanted.limit ?? 10}::bigint`);
    const idsOf = (pick: (row: CallRow) => string | null) => rows.map((row) => pick(row) ?? '');
    const customer = await groupLabels(
      tx,
      'customer',
      idsOf((row) => row.customer_id),
    );
    const agent = await groupLabels(
      tx,
      'agent',
      idsOf((row) => row.agent_id),
    );
    return {
      calls: rows.map((row) => ({
        eventId: row.event_id,
        requestId: row.request_id,
        occurredAt: row.occurred_at.toISOString(),
        apiId: row.api_id,
        routeId: row.route_id,
        customerId: row.customer_id,
        customerName: row.customer_id === null ? null : customer(row.customer_id),
        agentId: row.agent_id,
        agentName: row.agent_id === null ? null : agent(row.agent_id),
        model: row.model,
        revenueNanoUsd: row.charged.toString(),
        costNanoUsd: row.cost?.toString() ?? null,
        marginNanoUsd: row.cost === null ? null : (row.charged - row.cost).toString(),
      })),
    };
  });
}

function conditionOf(wanted: Wanted, range: Range): Sql {
  const conditions = [sql`e.provider_id = ${wanted.providerId}`];
  if (wanted.eventId === undefined) {
    conditions.push(sql`e.livemode = ${wanted.livemode ?? true}`);
    conditions.push(sql`e.occurred_at >= ${range.from.toISOString()}::timestamptz`);
    conditions.push(sql`e.occurred_at < ${range.to.toISOString()}::timestamptz`);
  } else {
    conditions.push(sql`e.event_id = ${wanted.eventId}`);
  }
  if (wanted.ofCustomerId !== undefined) conditions.push(sql`e.customer_id = ${wanted.ofCustomerId}`);
  if (wanted.agentId !== undefined) conditions.push(sql`e.agent_id = ${wanted.agentId}`);
  if (wanted.keyId !== undefined) conditions.push(sql`e.key_id = ${wanted.keyId}`);
  if (wanted.apiId !== undefined) conditions.push(sql`e.api_id = ${wanted.apiId}`);
  if (wanted.routeId !== undefined) conditions.push(sql`e.route_id = ${wanted.routeId}`);
  if (wanted.model !== undefined) conditions.push(sql`e.model = ${wanted.model}`);
  if (wanted.rail !== undefined) conditions.push(sql`e.rail = ${wanted.rail}`);
  return joinSql(conditions, ' AND ');
}
