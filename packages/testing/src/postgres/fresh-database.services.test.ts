import { databaseRoles } from '@tollwright/state';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from './fresh-database.ts';

async function ask<T>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('freshDatabase', () => {
  let one: FreshDatabase;
  let other: FreshDatabase;

  beforeAll(async () => {
    [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
  });
  afterAll(() => Promise.all([one.drop(), other.drop()]));

  it('is migrated: every Prisma migration is applied, and the state functions stand', async () => {
    const unfinished = await ask(one.url, 'SELECT 1 FROM _prisma_migrations WHERE finished_at IS NULL');
    expect(unfinished).toEqual([]);
    const [count] = await ask<{ applied: number }>(one.url, 'SELECT count(*)::int AS applied FROM state.migration');
    expect(count?.applied).toBeGreaterThan(0);
  });

  it('lets every role in, none of them as superuser or past row level security', async () => {
    for (const role of databaseRoles) {
      const text = 'SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user';
      expect(await ask(one.urlAs(role), text)).toEqual([{ rolname: role, rolsuper: false, rolbypassrls: false }]);
    }
  });

  it('shows the gateway no table', async () => {
    const read = ask(one.urlAs('tollwright_gateway'), 'SELECT * FROM _prisma_migrations');
    await expect(read).rejects.toThrow(/permission denied/);
  });

  it('shares nothing with the next one', async () => {
    await ask(one.url, 'CREATE TABLE only_here (id int)');
    await expect(ask(other.url, 'SELECT * FROM only_here')).rejects.toThrow(/does not exist/);
  });

  it('is gone after drop, also when somebody is still connected', async () => {
    const third = await freshDatabase();
    const client = new pg.Client({ connectionString: third.url });
    client.on('error', () => undefined);
    await client.connect();
    await third.drop();
    await expect(ask(third.url, 'SELECT 1')).rejects.toThrow(/does not exist/);
    await client.end().catch(() => undefined);
  });
});
