import { query } from '../database.ts';

const CHARGED = "(body ->> 'chargedNanoUsd')::numeric";

/** What raw events and payments say of the provider of an agent. */
export async function providerFigures(agentId: string) {
  const [row] = await query<Record<string, string>>(
    `SELECT count(*) AS calls, count(*) FILTER (WHERE (body ->> 'status')::int >= 400) AS errors,
       count(DISTINCT body ->> 'agentId') AS agents,
       coalesce(sum(${CHARGED}) FILTER (WHERE body ->> 'rail' = 'plan'), 0) AS charged,
       (SELECT coalesce(sum(price_nano_usd), 0) FROM payment p WHERE p.provider_id = a.provider_id AND p.state = 'settled') AS paid
     FROM agent a JOIN usage_event e ON e.body ->> 'providerId' = a.provider_id WHERE a.id = $1 GROUP BY a.provider_id`,
    [agentId],
  );
  return {
    calls: Number(row?.calls),
    errors: Number(row?.errors),
    agents: Number(row?.agents),
    chargedByPlanNanoUsd: String(row?.charged ?? 0),
    paidNanoUsd: String(row?.paid ?? 0),
  };
}

/** What raw events say of a customer. */
export async function customerFigures(customerId: string) {
  const [row] = await query<Record<string, string>>(
    `SELECT count(*) AS calls, count(DISTINCT body ->> 'agentId') AS agents, coalesce(sum(${CHARGED}), 0) AS charged
     FROM usage_event WHERE body ->> 'customerId' = $1`,
    [customerId],
  );
  return { calls: Number(row?.calls), agents: Number(row?.agents), chargedNanoUsd: String(row?.charged) };
}

export interface RawSeries {
  readonly totalNanoUsd: string;
  /** By the bucket's beginning, as the page writes it; without zeros. */
  readonly buckets: Readonly<Record<string, string>>;
}

const NAMES = { agent: "(SELECT name FROM agent WHERE id = body ->> 'agentId')", model: "body -> 'data' ->> 'model'" };

/** What a customer was charged, by agent or model and by time (UTC), added up from raw events. */
export async function chargedBy(
  customerId: string,
  by: keyof typeof NAMES,
  bucket: 'day' | 'hour',
): Promise<ReadonlyMap<string, RawSeries>> {
  const rows = await query<{ name: string; at: Date; charged: string }>(
    `SELECT ${NAMES[by]} AS name, date_trunc($2, (body ->> 'occurredAt')::timestamptz, 'UTC') AS at, sum(${CHARGED}) AS charged
     FROM usage_event WHERE body ->> 'customerId' = $1 GROUP BY 1, 2 HAVING sum(${CHARGED}) > 0`,
    [customerId, bucket],
  );
  const series = new Map<string, RawSeries>();
  for (const { name, at, charged } of rows) {
    const known = series.get(name) ?? { totalNanoUsd: '0', buckets: {} };
    const totalNanoUsd = (BigInt(known.totalNanoUsd) + BigInt(charged)).toString();
    series.set(name, { totalNanoUsd, buckets: { ...known.buckets, [at.toISOString()]: charged } });
  }
  return series;
}
