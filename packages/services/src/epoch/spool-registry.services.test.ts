import { closeDb, createDb, type Db, withTenant } from '@tollwright/db';
import { createPostgresState, type StatePort } from '@tollwright/state';
import { type FreshDatabase, freshDatabase, queryOnce } from '@tollwright/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteSpools } from './spool-registry.ts';

let database: FreshDatabase;
let db: Db;
let state: StatePort;
beforeAll(async () => {
  database = await freshDatabase();
  db = createDb({ connectionString: database.urlAs('tollwright_worker'), poolMax: 4 });
  state = createPostgresState({ connectionString: database.url });
});
afterAll(async () => {
  await closeDb(db);
  await state.close();
  await database.drop();
});

const register = (spoolId: string) => state.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'http://g' });
const noted = () =>
  queryOnce<{ spool_id: string; epoch: string; closed: boolean }>(
    database.url,
    'SELECT spool_id, epoch, closed_at IS NOT NULL AS closed FROM spool_watermark ORDER BY spool_id',
  );

/** Locks a row in a transaction of its own; answers how to end that. */
async function lock(spoolId: string): Promise<() => Promise<void>> {
  let end: () => void = () => undefined;
  let locked: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const ended = withTenant(db, { providerId: '', customerId: '*' }, async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM spool_watermark WHERE spool_id = ${spoolId} FOR UPDATE`;
    locked();
    await new Promise<void>((resolve) => {
      end = resolve;
    });
  });
  await taken;
  return () => {
    end();
    return ended;
  };
}

it('notes gateways, that they were closed, and the newest epoch', async () => {
  await register('spl_a');
  await noteSpools({ db, state }, 1);
  await state.spools.close('spl_a');
  await noteSpools({ db, state }, 2);
  expect(await noted()).toEqual([{ spool_id: 'spl_a', epoch: '2', closed: true }]);
  await register('spl_b');
  await noteSpools({ db, state }, 3);
  expect(await noted()).toEqual([
    { spool_id: 'spl_a', epoch: '2', closed: true },
    { spool_id: 'spl_b', epoch: '3', closed: false },
  ]);
});

it('while one row is locked notes the others, and locks none of them', async () => {
  for (const spoolId of ['spl_c', 'spl_d', 'spl_e']) await register(spoolId);
  await queryOnce(database.url, "INSERT INTO spool_watermark (spool_id, sequence) VALUES ('spl_d', 0), ('spl_e', 0)");
  const unlock = await lock('spl_d');
  const noting = noteSpools({ db, state }, 4);
  const others = ['spl_b', 'spl_c', 'spl_e'];
  await expect
    .poll(async () => (await noted()).filter(({ epoch }) => epoch === '4').map((row) => row.spool_id))
    .toEqual(others);
  await queryOnce(database.url, 'SELECT 1 FROM spool_watermark WHERE spool_id = ANY ($1) FOR UPDATE NOWAIT', [others]);
  await unlock();
  await noting;
  expect((await noted()).find((row) => row.spool_id === 'spl_d')?.epoch).toBe('4');
});
