import { describe } from 'vitest';
import { stateContract } from '../contract/state-contract.ts';
import { openClusterHarness, openRedisHarness } from './redis-harness.ts';

describe('state port on Redis', () => {
  stateContract(openRedisHarness);
});

describe('state port on a Redis Cluster of three nodes', () => {
  stateContract(openClusterHarness);
});
