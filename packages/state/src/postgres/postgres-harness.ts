import { freshDatabase } from '@tollwright/testing';
import pg from 'pg';
import type { StateHarness } from '../contract/harness.ts';
import { migrateState } from './migrate-state.ts';
import { createPostgresState } from './postgres-state.ts';

const runningClock = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

const IDENTIFIED = ['state.tag', 'state.epoch'];

/** A database of its own. The clock and the identity are changed by its owner, as no role of ours could. */
export async function openPostgresHarness(): Promise<StateHarness> {
  const database = await freshDatabase();
  await migrateState(database.url);
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  return {
    connect: () => createPostgresState({ connectionString: database.url, poolMax: 4 }),
    async setClock(atMs) {
      const body = atMs === null ? runningClock : `${atMs}::bigint`;
      await owner.query(
        `CREATE OR REPLACE FUNCTION state.clock_ms() RETURNS bigint LANGUAGE sql VOLATILE RETURN ${body}`,
      );
    },
    async changeIdentity() {
      for (const table of IDENTIFIED) await owner.query(`UPDATE ${table} SET identity = 'other:' || identity`);
    },
    async restoreIdentity() {
      for (const table of IDENTIFIED) {
        await owner.query(`UPDATE ${table} SET identity = substr(identity, 7) WHERE identity LIKE 'other:%'`);
      }
    },
    async close() {
      await owner.end();
      await database.drop();
    },
  };
}
