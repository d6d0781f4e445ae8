import { startRedis, startRedisCluster } from '@tollwright/testing';
import type { StateHarness } from '../contract/harness.ts';
import { createRedisState } from './redis-state.ts';
import { clockAndIdentity, integersAndHashes } from './script.ts';

/** A server of its own, whose clock and identity are what the test says. */
export async function openRedisHarness(): Promise<StateHarness> {
  const server = await startRedis();
  await foundEpoch(server.url);
  return harnessOn(server.url, () => server.stop());
}

/** The same on a Cluster of three nodes. */
export async function openClusterHarness(): Promise<StateHarness> {
  const cluster = await startRedisCluster();
  await foundEpoch(cluster.url);
  return harnessOn(cluster.url, () => cluster.stop());
}

/** What the worker does with an empty store that nothing is to be restored to. */
export async function foundEpoch(url: string): Promise<void> {
  const state = createRedisState({ url });
  const { epoch } = await state.epochs.raise(0, 'founded');
  await state.epochs.open(epoch);
  await state.close();
}

/** Scripts see another clock and another name of the store; the server itself cannot be given either. */
function harnessOn(url: string, close: () => Promise<void>): StateHarness {
  let clock = '';
  let identity = '';
  const prelude = {
    get lua() {
      return [clockAndIdentity, clock, identity, integersAndHashes].join('\n');
    },
  };
  return {
    connect: () => createRedisState({ url }, prelude),
    async setClock(atMs) {
      clock = atMs === null ? '' : `local function clock_ms() return ${atMs} end`;
    },
    async changeIdentity() {
      identity = `local function identity() return 'other' end`;
    },
    async restoreIdentity() {
      identity = '';
    },
    close,
  };
}
