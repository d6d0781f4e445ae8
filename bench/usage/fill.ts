import { rebuildRollups } from '@tollwright/services';
import { type Books, numberOf } from './books.ts';

const CUSTOMERS = 400;
/** At a time, so that no statement holds all. */
const CHUNK = 500_000;

/** The moments between which the calls were made. */
export interface Filled {
  readonly fromMs: number;
  readonly toMs: number;
  readonly customerIds: readonly string[];
  /** How fast roll-ups are made of what is stored, events a second. */
  readonly rolledUpPerSecond: number;
}

const DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * Stores `count` calls of the last 90 days: 400 customers with two agents each, three models, two routes. A tenth of the
 * customers make two thirds of the calls. Every call is told apart by its number alone, so two runs store the same.
 */
export async function fill(books: Books, count: number): Promise<Filled> {
  const { owner, tenant } = books;
  await owner.query('TRUNCATE usage_event, ingested_event, event_seen, usage_rollup, meter_rollup');
  const toMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const fromMs = toMs - DAYS * DAY_MS;
  const ids = (kind: string) => `'${kind}_' || lpad(to_char(n, 'FM999999'), 26, '0')`;
  await owner.query(
    `INSERT INTO customer (id, provider_id, name) SELECT ${ids('cus')}, $1, 'Customer ' || n FROM generate_series(1, ${CUSTOMERS}) n`,
    [tenant.providerId],
  );
  await owner.query(
    `INSERT INTO agent (id, provider_id, customer_id, name)
     SELECT ${ids('agt')}, $1, 'cus_' || lpad(to_char((n + 1) / 2, 'FM999999'), 26, '0'), 'agent-' || n
     FROM generate_series(1, ${2 * CUSTOMERS}) n`,
    [tenant.providerId],
  );
  for (let from = 1; from <= count; from += CHUNK) {
    const to = Math.min(from + CHUNK - 1, count);
    await owner.query(CALLS_SQL, [tenant.providerId, tenant.apiId, tenant.routeIds, from, to, fromMs, toMs - fromMs]);
  }
  await owner.query('ANALYZE usage_event');
  const startedAt = performance.now();
  await rebuildRollups(books.worker);
  const rolledUpPerSecond = count / ((performance.now() - startedAt) / 1_000);
  await owner.query('VACUUM ANALYZE usage_rollup, meter_rollup');
  const calls = await numberOf(books, 'SELECT sum(calls) AS found FROM usage_rollup');
  if (calls !== count) throw new Error(`${calls} calls are rolled up, ${count} were stored`);
  const { rows } = await owner.query<{ id: string }>("SELECT id FROM customer WHERE id LIKE 'cus_000%' ORDER BY id");
  return { fromMs, toMs, customerIds: rows.map(({ id }) => id), rolledUpPerSecond };
}

const CALLS_SQL = `
  INSERT INTO usage_event (event_id, provider_id, customer_id, agent_id, key_id, api_id, route_id, request_id, livemode, type, model,
    input_tokens, output_tokens, rated_nano_usd, charged_nano_usd, shortfall_nano_usd, rail, decision, status, duration_ms,
    occurred_at, body, quantities)
  SELECT 'evt-' || i, $1, 'cus_' || lpad(customer::text, 26, '0'), 'agt_' || lpad((2 * customer - i % 2)::text, 26, '0'),
    'key_' || lpad((2 * customer - i % 2)::text, 26, '0'), $2, ($3::text[])[1 + a % 2], 'req-' || i, true, 'request', model,
    tokens, tokens / 2, charged, charged, 0, 'plan', 'forwarded', CASE WHEN c % 50 = 0 THEN 502 ELSE 200 END, 40,
    to_timestamp(($6::bigint + (b % $7::bigint)) / 1000.0), '{}',
    jsonb_build_array(
      jsonb_build_object('meter', 'requests', 'quantity', 1, 'dimensions', dimensions),
      jsonb_build_object('meter', 'input_tokens', 'quantity', tokens, 'dimensions', dimensions),
      jsonb_build_object('meter', 'output_tokens', 'quantity', tokens / 2, 'dimensions', dimensions))
  FROM (
    SELECT *, 1 + CASE WHEN a % 3 < 2 THEN (c / 7) % ${CUSTOMERS / 10} ELSE (c / 7) % ${CUSTOMERS} END AS customer,
      'toll-' || c % 3 AS model, a % 2000 AS tokens, 1000 + b % 100000 AS charged,
      '{"model":"toll-' || c % 3 || '","route":"' || ($3::text[])[1 + a % 2] || '"}' AS dimensions
    FROM (
      SELECT i, hashint8extended(i, 1) & 2147483647 AS a, hashint8extended(i, 2) & 1099511627775 AS b,
        hashint8extended(i, 3) & 2147483647 AS c
      FROM generate_series($4::bigint, $5::bigint) i
    ) drawn
  ) made`;
