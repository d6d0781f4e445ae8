import { listProviders, sql, type Tx, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { lowWatermark } from '../watermark/low-watermark.ts';
import type { LossDetail } from './incident.ts';
import { openIncidents } from './open.ts';

type Context = Pick<ServiceContext, 'db' | 'clock' | 'random'>;

const DAY_MS = 86_400_000;
/** A worker that was away for longer than this tells of the last days only. */
const DAYS_LOOKED_AT = 7;

/** `until`: the first moment that was not looked at, an empty text before anything is closed. `opened`: losses told of now. */
export interface LossesStored {
  readonly until: string;
  readonly opened: number;
}

/**
 * Tells each provider of UTC days that ended at a loss, by API and model, once each. A day has ended when every call of it is in
 * Postgres. Nothing is done where `lookedUntil` says that those days were looked at. For the worker's database role.
 */
export async function storeLosses(ctx: Context, lookedUntil = ''): Promise<LossesStored> {
  const atMs = (await lowWatermark(ctx))?.atMs ?? null;
  if (atMs === null) return { until: lookedUntil, opened: 0 };
  const endMs = Math.floor(atMs / DAY_MS) * DAY_MS;
  const until = new Date(endMs).toISOString();
  if (until === lookedUntil) return { until, opened: 0 };
  const from = new Date(endMs - DAYS_LOOKED_AT * DAY_MS).toISOString();
  let opened = 0;
  for (const providerId of await listProviders(ctx.db)) {
    opened += await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
      const losses = await lossesOf(tx, providerId, from, until);
      const incidents = losses.map((detail) => {
        const { livemode } = detail;
        return { providerId, customerId: null, kind: 'loss', detail, livemode };
      });
      return openIncidents(tx, ctx, incidents);
    });
  }
  return { until, opened };
}

interface LossRow {
  readonly api_id: string;
  readonly api_name: string;
  readonly day: string;
  readonly model: string;
  readonly livemode: boolean;
  readonly calls: bigint;
  readonly revenue: bigint;
  readonly cost: bigint;
}

async function lossesOf(tx: Tx, providerId: string, from: string, until: string): Promise<LossDetail[]> {
  const rows = await tx.$queryRaw<LossRow[]>(sql`
    SELECT r.api_id, coalesce((SELECT a.name FROM api a WHERE a.id = r.api_id), r.api_id) AS api_name,
      to_char(r.bucket_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, r.model, r.livemode,
      sum(r.costed_calls)::bigint AS calls, sum(r.costed_charged_nano_usd)::bigint AS revenue,
      sum(r.cost_nano_usd)::bigint AS cost
    FROM usage_rollup r
    WHERE r.provider_id = ${providerId} AND r.bucket_at >= ${from}::timestamptz AND r.bucket_at < ${until}::timestamptz
    GROUP BY r.api_id, day, r.model, r.livemode
    HAVING sum(r.cost_nano_usd) > sum(r.costed_charged_nano_usd)
    ORDER BY day, r.api_id, r.model, r.livemode`);
  return rows.map((row) => ({
    apiId: row.api_id,
    apiName: row.api_name,
    day: row.day,
    model: row.model,
    livemode: row.livemode,
    calls: Number(row.calls),
    revenueNanoUsd: row.revenue.toString(),
    costNanoUsd: row.cost.toString(),
  }));
}
