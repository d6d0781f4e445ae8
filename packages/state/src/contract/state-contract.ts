import { accessesContract } from './accesses-contract.ts';
import { answersContract } from './answers-contract.ts';
import { channelsContract } from './channels-contract.ts';
import { claimsContract } from './claims-contract.ts';
import { closedSeatsContract } from './closed-seats-contract.ts';
import { countersContract } from './counters-contract.ts';
import { directoryContract } from './directory-contract.ts';
import { epochsContract } from './epochs-contract.ts';
import type { OpenHarness } from './harness.ts';
import { inboxContract } from './inbox-contract.ts';
import { periodsContract } from './periods-contract.ts';
import { raceContract } from './race-contract.ts';
import { seatsContract } from './seats-contract.ts';
import { tracesContract } from './traces-contract.ts';
import { volumesContract } from './volumes-contract.ts';

/** What every adapter of the state port must pass. */
export function stateContract(open: OpenHarness): void {
  countersContract(open);
  seatsContract(open);
  closedSeatsContract(open);
  periodsContract(open);
  raceContract(open);
  claimsContract(open);
  accessesContract(open);
  volumesContract(open);
  channelsContract(open);
  answersContract(open);
  directoryContract(open);
  inboxContract(open);
  tracesContract(open);
  epochsContract(open);
}
