import { createRedisState, type StatePort } from '@tollwright/state';
import { type ServicesHarness, startRedis } from '@tollwright/testing';

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
