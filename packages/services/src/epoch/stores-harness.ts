import { createRedisState, type StatePort } from '@tollwright/state';
import { createWorld, openServicesHarness, type ServicesHarness, startRedis, type World } from '@tollwright/testing';
import type { ServiceContext } from '../context.ts';
import { keepEpoch } from './keep-epoch.ts';

/** A state store beside the control plane of a harness. */
export interface HarnessStore {
  /** As gateways see it. */
  readonly state: StatePort;
  /** As the worker sees it. */
  readonly own: StatePort;
  close(): Promise<void>;
}

async function onPostgres(harness: ServicesHarness): Promise<HarnessStore> {
  return { state: harness.gatewayState, own: harness.workerCtx.state, close: async () => undefined };
}

async function onRedis(): Promise<HarnessStore> {
  const redis = await startRedis();
  const [state, own] = [createRedisState({ url: redis.url }), createRedisState({ url: redis.url })];
  return {
    ...{ state, own },
    async close() {
      await Promise.all([state.close(), own.close()]);
      await redis.stop();
    },
  };
}

/** Each adapter by its name, for suites that run on both. */
export const STORES: readonly [name: string, open: (harness: ServicesHarness) => Promise<HarnessStore>][] = [
  ['PostgreSQL', onPostgres],
  ['Redis', onRedis],
];

/** Two providers beside a store in an open epoch, which has no gateway yet and knows the first one's customer. */
export interface LossStage {
  readonly harness: ServicesHarness;
  readonly store: HarnessStore;
  /** The worker's, on that store. */
  readonly ctx: ServiceContext;
  readonly acme: World;
  readonly other: World;
  /** Of the first one's customer. */
  readonly tag: string;
  close(): Promise<void>;
}

export async function openLossStage(
  openStore: (harness: ServicesHarness) => Promise<HarnessStore>,
): Promise<LossStage> {
  const harness = await openServicesHarness();
  const acme = await createWorld(harness, 'acme');
  const other = await createWorld(harness, 'other');
  const store = await openStore(harness);
  const ctx = { ...harness.workerCtx, state: store.own };
  for (const { spoolId } of await store.own.spools.list()) await store.own.spools.close(spoolId);
  for (let turn = 0; turn < 3; turn += 1) await keepEpoch(ctx);
  await store.own.directory.putCustomer(
    {
      ...{ customerId: acme.customerId, providerId: acme.providerId, version: 1_000, status: 'active' },
      ...{ subscriptionId: null, planVersionId: null },
    },
    [],
  );
  return {
    ...{ harness, store, ctx, acme, other, tag: `c:${acme.customerId}` },
    async close() {
      await store.close();
      await harness.close();
    },
  };
}
