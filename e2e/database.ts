import pg from 'pg';
import { readLocal } from './local.ts';

/** Asks the product's Postgres itself, past every service and row level security. */
export async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: readLocal().databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Holds of a customer that are not settled yet. */
export async function holdsOf(customerId: string): Promise<number> {
  const rows = await query<{ holds: string }>('SELECT count(*) AS holds FROM state.hold WHERE tag = $1', [
    `c:${customerId}`,
  ]);
  return Number(rows[0]?.holds);
}

/** What raw events say a customer did. */
export async function rawFigures(customerId: string) {
  const [row] = await query<Record<string, string>>(
    `SELECT count(*) AS calls, count(DISTINCT event_id) AS events, count(*) FILTER (WHERE status >= 400) AS errors,
       coalesce(sum((body -> 'data' ->> 'input_tokens')::numeric), 0) AS input,
       coalesce(sum((body -> 'data' ->> 'output_tokens')::numeric), 0) AS output,
       coalesce(sum((body ->> 'ratedNanoUsd')::numeric), 0) AS rated,
       coalesce(sum((body ->> 'chargedNanoUsd')::numeric), 0) AS charged,
       coalesce(sum((body ->> 'shortfallNanoUsd')::numeric), 0) AS shortfall
     FROM usage_event WHERE customer_id = $1`,
    [customerId],
  );
  if (row === undefined) throw new Error('a sum answers one row');
  return {
    calls: Number(row.calls),
    errors: Number(row.errors),
    inputTokens: Number(row.input),
    outputTokens: Number(row.output),
    ratedNanoUsd: String(row.rated),
    chargedNanoUsd: String(row.charged),
    shortfallNanoUsd: String(row.shortfall),
  };
}

/** The tables in which a text stands somewhere, as text or as bytes. Looks at every row of every table. */
export async function tablesWith(text: string): Promise<string[]> {
  const tables = await query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const forms = [text, Buffer.from(text).toString('hex')];
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await query<{ there: boolean }>(
      `SELECT EXISTS (SELECT FROM ${name} t WHERE strpos(t::text, $1) > 0 OR strpos(t::text, $2) > 0) AS there`,
      forms,
    );
    if (row?.there) found.push(name);
  }
  return found;
}
