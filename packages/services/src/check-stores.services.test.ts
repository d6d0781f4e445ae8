import { closeDb, createDb } from '@tollwright/db';
import { createPostgresState } from '@tollwright/state';
import { openServicesHarness, type ServicesHarness } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStores } from './check-stores.ts';

const NOBODY = 'postgresql://nobody@127.0.0.1:1/nothing';

describe('checkStores', () => {
  let harness: ServicesHarness;
  beforeAll(async () => {
    harness = await openServicesHarness();
  });
  afterAll(() => harness.close());

  it('finds nothing wrong while both answer', async () => {
    expect(await checkStores(harness.ctx)).toBeNull();
  });

  it('names the database that does not answer', async () => {
    const db = createDb({ connectionString: NOBODY, poolMax: 1 });
    expect(await checkStores({ ...harness.ctx, db })).toBe('database');
    await closeDb(db);
  });

  it('names the state store that does not answer', async () => {
    const state = createPostgresState({ connectionString: NOBODY });
    expect(await checkStores({ ...harness.ctx, state })).toBe('state');
    await state.close();
  });
});
