export { startUpstream, type Upstream } from './upstream/upstream.ts';
export { type ChainAccount, chainAccounts } from './chain/accounts.ts';
export { anvilCommand, chainId } from './chain/anvil.ts';
export { type Chain, repairState, startChain } from './chain/chain.ts';
export { type Facilitator, startFacilitator } from './chain/facilitator.ts';
export { type FacilitatorFaults, noFaults } from './chain/faults.ts';
export { type Ledger, openLedger, usdcAddress } from './chain/ledger.ts';
