import { PAYMENT_RAILS } from '@tollwright/contracts';
import { joinSql, type Sql, sql } from '@tollwright/db';
import { z } from 'zod';
import { customerId, idText, providerId, timestamp } from '../fields.ts';
import { invalid } from '../refusals.ts';

const BUCKET_MS = 15 * 60_000;
const RANGE_MS_DEFAULT = 7 * 86_400_000;
const RANGE_MS_MAX = 400 * 86_400_000;

/** Input members of every question about usage. */
export const usageFilter = {
  providerId,
  customerId: customerId.optional(),
  from: timestamp
    .optional()
    .meta({ description: 'Start, moved back to a quarter of an hour. Default: 7 days before `to`' }),
  to: timestamp.optional().meta({ description: 'End, not included, moved on to a quarter of an hour. Default: now' }),
  agentId: idText.optional(),
  projectId: idText.optional().meta({ description: 'Agents that are in this project now' }),
  keyId: idText.optional(),
  apiId: idText.optional(),
  routeId: idText.optional(),
  model: z.string().min(1).max(128).optional(),
  rail: z.enum(['plan', ...PAYMENT_RAILS, 'none']).optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
};
const filterSchema = z.object(usageFilter);
export type UsageFilter = z.output<typeof filterSchema>;

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** The period asked for, widened to whole 15-minute buckets: the roll-ups' unit. Throws `invalid-input`. */
export function rangeOf(
  filter: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): Range {
  const toMs = Math.ceil((filter.to === undefined ? nowMs : Date.parse(filter.to)) / BUCKET_MS) * BUCKET_MS;
  const fromMs =
    filter.from === undefined ? toMs - RANGE_MS_DEFAULT : Math.floor(Date.parse(filter.from) / BUCKET_MS) * BUCKET_MS;
  if (fromMs >= toMs) throw invalid('from', 'from must be before to');
  if (toMs - fromMs > RANGE_MS_MAX) throw invalid('from', 'at most 400 days can be asked for');
  return { from: new Date(fromMs), to: new Date(toMs) };
}

/** The condition on usage_rollup, aliased `r`. */
export function rollupCondition(filter: UsageFilter, range: Range): Sql {
  const conditions = [
    sql`r.provider_id = ${filter.providerId}`,
    sql`r.bucket_at >= ${range.from.toISOString()}::timestamptz`,
    sql`r.bucket_at < ${range.to.toISOString()}::timestamptz`,
    sql`r.livemode = ${filter.livemode ?? true}`,
  ];
  if (filter.customerId !== undefined) conditions.push(sql`r.customer_id = ${filter.customerId}`);
  if (filter.agentId !== undefined) conditions.push(sql`r.agent_id = ${filter.agentId}`);
  if (filter.projectId !== undefined) conditions.push(inProject(filter.projectId));
  if (filter.keyId !== undefined) conditions.push(sql`r.key_id = ${filter.keyId}`);
  if (filter.apiId !== undefined) conditions.push(sql`r.api_id = ${filter.apiId}`);
  if (filter.routeId !== undefined) conditions.push(sql`r.route_id = ${filter.routeId}`);
  if (filter.model !== undefined) conditions.push(sql`r.model = ${filter.model}`);
  if (filter.rail !== undefined) conditions.push(sql`r.rail = ${filter.rail}`);
  return joinSql(conditions, ' AND ');
}

function inProject(projectId: string): Sql {
  return sql`r.agent_id IN (SELECT id FROM agent WHERE project_id = ${projectId})`;
}
