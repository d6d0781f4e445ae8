import { randomBytes } from 'node:crypto';
import { periodAt } from '@tollwright/core';
import { closeDb, createDb, type Db } from '@tollwright/db';
import { createEgress } from '@tollwright/egress';
import { createBatcher, createPostgresState, createRedisState, type Rejoin, type StatePort } from '@tollwright/state';
import { StripeClients } from '@tollwright/stripe';
import {
  type FreshDatabase,
  freshDatabase,
  insertTenant,
  paymentOf,
  queryOnce,
  startRedis,
  type TenantIds,
  usageEventOf,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceContext } from '../context.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { keepEpoch } from './keep-epoch.ts';

const LIMIT = 100_000n;

interface Store {
  readonly state: StatePort;
  /** Takes the store back to before anything was spent. */
  lose(): Promise<void>;
  close(): Promise<void>;
}

async function onPostgres(database: FreshDatabase): Promise<Store> {
  const state = createPostgresState({ connectionString: database.url });
  return {
    state,
    async lose() {
      await queryOnce(database.url, 'UPDATE state.counter SET spent = 0, held = 0');
      await queryOnce(database.url, 'DELETE FROM state.hold');
      await queryOnce(database.url, `UPDATE state.tag SET identity = 'an older copy'`);
      await state.epochs.raise((await state.epochs.current()).epoch, 'restored from a copy');
    },
    close: () => state.close(),
  };
}

async function onRedis(): Promise<Store> {
  const redis = await startRedis();
  const state = createRedisState({ url: redis.url });
  return {
    state,
    lose: () => redis.flush(),
    async close() {
      await state.close();
      await redis.stop();
    },
  };
}

describe.each([
  ['PostgreSQL', onPostgres],
  ['Redis', onRedis],
])('keepEpoch on %s', (_, openStore) => {
  let database: FreshDatabase;
  let db: Db;
  let store: Store;
  let ctx: ServiceContext;
  let acme: TenantIds;
  beforeAll(async () => {
    database = await freshDatabase();
    db = createDb({ connectionString: database.urlAs('tollwright_worker'), poolMax: 4 });
    store = await openStore(database);
    acme = await insertTenant(database.url, 'acme');
    ctx = {
      ...{
        db,
        state: store.state,
        clock: Date.now,
        random: randomBytes,
        stripe: new StripeClients(),
        masterKeys: [],
        signup: 'closed',
      },
      ...{ egress: createEgress({ allow: [] }), mailer: { send: async () => undefined } },
      publicUrls: { portalUrl: 'https://portal.example', gatewayUrl: 'https://gateway.example' },
      onError: (what, error) => {
        throw new Error(what, { cause: error });
      },
    };
  });
  afterAll(async () => {
    await closeDb(db);
    await store.close();
    await database.drop();
  });

  it('founds an epoch, and after a loss restores what was spent, held and paid, once every gateway has rejoined', async () => {
    const { state } = store;
    for (let turn = 0; turn < 3; turn += 1) await keepEpoch(ctx);
    const founded = await state.epochs.survey();
    expect(founded.kind).toBe('open');
    const tag = `c:${acme.customerId}`;
    await state.directory.putCustomer(
      {
        ...{ customerId: acme.customerId, providerId: acme.providerId, version: 1, status: 'active' },
        ...{ subscriptionId: null, planVersionId: null },
      },
      [],
    );
    const [one, idle] = ['spl_one', 'spl_idle'];
    for (const spoolId of [one, idle]) await state.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
    const lost: string[] = [];
    const batcher = createBatcher({
      ...{ counters: state.counters, spoolId: one, epoch: founded.epoch, onLost: (reason) => lost.push(reason) },
    });
    const reserve = (callId: string, amount: bigint) =>
      batcher.reserve(tag, {
        ...{ kind: 'reserve', callId, versions: {}, windows: [], deadlineAtMs: 4_000_000_000_000, reason: 'a call' },
        nodes: [{ node: 'budget:own', kind: 'budget', period: 'month', limit: LIMIT, amount }],
      });
    const settle = (callId: string, amount: bigint) =>
      batcher.settle(tag, { kind: 'settle', callId, charges: { 'budget:own': amount } });
    expect((await reserve('evt-done', 60_000n)).kind).toBe('granted');
    expect(await settle('evt-done', 50_000n)).toEqual({ kind: 'settled' });
    expect((await reserve('evt-running', 30_000n)).kind).toBe('granted');
    const periodId = periodAt('month', Date.now()).id;
    const charged = (eventId: string, amount: bigint) =>
      usageEventOf(acme, {
        ...{ eventId, occurredAt: new Date().toISOString(), charges: [{ node: 'budget:own', periodId, amount }] },
      });
    const paid = paymentOf(acme);
    await state.inbox.append(one, [
      { sequence: 1, item: { kind: 'usage', event: charged('evt-done', 50_000n) } },
      { sequence: 2, item: { kind: 'payment', payment: paid } },
    ]);
    await ingestSpool(ctx, one);
    expect(await keepEpoch(ctx)).toEqual({ kind: 'open', epoch: founded.epoch });

    await store.lose();
    await expect(reserve('evt-refused', 1n)).rejects.toMatchObject({ name: 'TagRebuild' });
    expect(lost).toHaveLength(1);
    const waiting = await keepEpoch(ctx);
    expect(waiting).toMatchObject({ kind: 'waiting', waitingFor: [idle, one] });
    const { epoch } = waiting;
    expect(epoch).toBeGreaterThan(founded.epoch);

    // Its event is written and shipped, and its settlement is not acknowledged: charged once, when it settles.
    const holds = batcher.leave('rebuilding');
    expect(holds.map((hold) => hold.callId)).toEqual(['evt-running']);
    const ending = settle('evt-running', 20_000n);
    for (const spoolId of [one, idle]) await state.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
    const report: Rejoin = { epoch, spoolId: one, sequence: 3, holds, claims: [] };
    await state.epochs.rejoin(report);
    expect(await keepEpoch(ctx)).toMatchObject({ kind: 'waiting', waitingFor: [idle, one] });
    await state.epochs.rejoin({ ...report, spoolId: idle, sequence: 0, holds: [] });
    expect(await keepEpoch(ctx)).toMatchObject({ kind: 'waiting', waitingFor: [one] });
    await state.inbox.append(one, [{ sequence: 3, item: { kind: 'usage', event: charged('evt-running', 20_000n) } }]);
    await ingestSpool(ctx, one);
    expect(await keepEpoch(ctx)).toMatchObject({ kind: 'opened', epoch, tags: 1, claims: 1 });

    expect(await state.counters.read(tag)).toMatchObject([{ node: 'budget:own', spent: 50_000n, held: 30_000n }]);
    batcher.enter(epoch);
    expect(await ending).toEqual({ kind: 'settled' });
    expect((await reserve('evt-over', 30_001n)).kind).toBe('exhausted');
    expect((await reserve('evt-fits', 30_000n)).kind).toBe('granted');
    const again = await state.claims.claim(
      { ...paid, paymentId: 'pay-thief', version: 1, state: 'claimed' },
      { callId: 'evt-thief', spoolId: one, requestHash: 'x' },
    );
    expect(again).toMatchObject({ kind: 'taken', claim: { paymentId: paid.paymentId, state: 'settled' } });
    expect(lost).toHaveLength(1);
    batcher.stop();
  });
});
