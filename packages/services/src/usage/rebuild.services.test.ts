import { nanoUsd } from '@tollwright/core';
import { closeDb, createDb, type Db } from '@tollwright/db';
import { createPostgresState, type StatePort } from '@tollwright/state';
import { type FreshDatabase, freshDatabase, insertTenant, type TenantIds, usageEventOf } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestSpool } from './ingest.ts';
import { ingestContext } from './ingest-harness.ts';
import { isUnchanged, rebuildRollups } from './rebuild.ts';

let database: FreshDatabase;
let owner: Db;
let db: Db;
let state: StatePort;
let tenants: TenantIds[];
let sequence = 0;

beforeAll(async () => {
  database = await freshDatabase();
  owner = createDb({ connectionString: database.url, poolMax: 2 });
  db = createDb({ connectionString: database.urlAs('tollwright_worker'), poolMax: 4 });
  state = createPostgresState({ connectionString: database.url });
  tenants = [await insertTenant(database.url, 'acme'), await insertTenant(database.url, 'other')];
});

afterAll(async () => {
  await Promise.all([closeDb(db), closeDb(owner), state.close()]);
  await database.drop();
});

async function ingest(count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => {
    const tenant = tenants[index % 2];
    if (tenant === undefined) throw new Error('two tenants were made');
    const event = usageEventOf(tenant, {
      occurredAt: new Date(Date.UTC(2026, 10, 18) + index * 7 * 60_000).toISOString(),
      agentId: tenant.agentIds[index % 3 === 0 ? 1 : 0],
      chargedNanoUsd: nanoUsd(BigInt(index * 13)),
      ratedNanoUsd: nanoUsd(BigInt(index * 17)),
      shortfallNanoUsd: nanoUsd(BigInt(index * 4)),
      status: index % 11 === 0 ? 500 : 200,
      data: { model: index % 2 ? 'toll-small' : 'toll-large', input_tokens: index, output_tokens: 3 * index },
    });
    return { sequence: sequence + index + 1, item: { kind: 'usage' as const, event } };
  });
  sequence += count;
  await state.inbox.append('spl-rebuild', items);
  await ingestSpool(ingestContext({ db, state, onError: console.error }), 'spl-rebuild');
}

async function tables(): Promise<unknown> {
  return [
    await owner.$queryRawUnsafe('SELECT r::text FROM usage_rollup r ORDER BY 1'),
    await owner.$queryRawUnsafe('SELECT r::text FROM meter_rollup r ORDER BY 1'),
  ];
}

describe('rebuildRollups', () => {
  it('makes the same rows as live ingestion, batch by batch, did', async () => {
    await ingest(90);
    await ingest(45);
    await owner.$executeRawUnsafe(`UPDATE meter SET archived_at = now() WHERE slug = 'output_tokens'`);
    await ingest(20);
    const before = await tables();
    const rebuilt = await rebuildRollups({ db });
    expect(rebuilt.events).toBe(155n);
    expect(rebuilt.before[0]?.figures.calls).toBe(155n);
    expect(rebuilt.after).toEqual(rebuilt.before);
    expect(isUnchanged(rebuilt)).toBe(true);
    expect(await tables()).toEqual(before);
  });

  it('repairs a roll-up that was tampered with, and says that figures differ', async () => {
    const before = await tables();
    await owner.$executeRawUnsafe(`UPDATE usage_rollup SET calls = calls + 1 WHERE bucket_at = '2026-11-18T00:00:00Z'`);
    const rebuilt = await rebuildRollups({ db });
    expect(isUnchanged(rebuilt)).toBe(false);
    expect(await tables()).toEqual(before);
  });

  it('tells rows that moved between groups from rows that stayed', async () => {
    await owner.$executeRawUnsafe(
      `UPDATE usage_rollup SET model = model || '!' WHERE bucket_at = '2026-11-18T00:00:00Z'`,
    );
    expect(isUnchanged(await rebuildRollups({ db }))).toBe(false);
    expect(isUnchanged(await rebuildRollups({ db }))).toBe(true);
  });

  it('keeps ingestion waiting and loses nothing of it', async () => {
    await Promise.all([rebuildRollups({ db }), ingest(30), rebuildRollups({ db })]);
    expect(isUnchanged(await rebuildRollups({ db }))).toBe(true);
    expect(await owner.$queryRawUnsafe('SELECT sum(calls)::int AS calls FROM usage_rollup')).toEqual([{ calls: 185 }]);
  });
});
