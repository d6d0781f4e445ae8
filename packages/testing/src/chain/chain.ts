import type { Hex } from 'viem';
import { type ChainAccount, chainAccounts } from './accounts.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { type ChainOptions, type RunningChain, runChain } from './run-chain.ts';

/** A running local chain with the token at the address that USDC has on the network whose id it takes. */
export type Chain = RunningChain &
  Ledger & {
    readonly chainId: number;
    readonly usdc: Hex;
    readonly accounts: readonly ChainAccount[];
  };

/** Starts a chain as `runChain` does, with its ledger. */
export async function startChain(options: ChainOptions): Promise<Chain> {
  const chain = await runChain(options);
  const { chainId, usdc } = chain.network;
  return {
    ...chain,
    ...openLedger(chain.rpcUrl, chain.network),
    ...{ chainId, usdc: usdc.address, accounts: chainAccounts() },
  };
}
