import { describe } from 'vitest';
import { stateContract } from '../contract/state-contract.ts';
import { openPostgresHarness } from './postgres-harness.ts';

describe('state port on PostgreSQL', () => {
  stateContract(openPostgresHarness);
});
