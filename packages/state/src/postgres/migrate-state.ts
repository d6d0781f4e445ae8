import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

/** Beside `src` and `dist` alike. */
const sqlFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'sql');
const lockKey = 7_655_190_001;

/**
 * Applies the numbered files of sql/ that the database lacks, all in one transaction, under an advisory lock; answers their
 * names. Throws when an applied file was changed since. `databaseUrl` is the owner's: functions run with its rights.
 */
export async function migrateState(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    await client.query('CREATE SCHEMA IF NOT EXISTS state');
    await client.query(
      `CREATE TABLE IF NOT EXISTS state.migration (
        name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
      )`,
    );
    const applied = await applyMissing(client);
    await client.query('COMMIT');
    return applied;
  } finally {
    await client.end();
  }
}

async function applyMissing(client: pg.Client): Promise<string[]> {
  const known = new Map<string, string>();
  const ledger = await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM state.migration');
  for (const row of ledger.rows) known.set(row.name, row.checksum);
  const applied: string[] = [];
  for (const name of (await readdir(sqlFolder)).filter((file) => file.endsWith('.sql')).sort()) {
    const sql = await readFile(join(sqlFolder, name), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    if (known.get(name) === checksum) continue;
    if (known.has(name)) throw new Error(`state migration ${name} was changed after it had been applied`);
    await client.query(sql);
    await client.query('INSERT INTO state.migration (name, checksum) VALUES ($1, $2)', [name, checksum]);
    applied.push(name);
  }
  return applied;
}
