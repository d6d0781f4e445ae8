import { createTestClient, encodeFunctionData, type Hex, http, publicActions } from 'viem';
import { Abis } from 'viem/tempo';
import { type ChainAccount, chainAccounts } from '../accounts.ts';
import { rpcAt } from '../rpc.ts';
import { takeTurns } from '../turns.ts';
import { CHANNEL_RESERVE_ADDRESS } from './channel-reserve.ts';
import { PATH_USD_ADDRESS, type RunningTempo, runTempo, TEMPO_CHAIN_ID } from './run-tempo.ts';

/** What tests and the local demo ask of a running Tempo. Amounts are millionths of a dollar. */
export interface TempoLedger {
  balanceOf(account: Hex): Promise<bigint>;
  /** Sends pathUSD from an account that has plenty. Also gives the ether that anvil asks of Ethereum's transactions. */
  fund(to: Hex, amountAtomic: bigint): Promise<void>;
  /** Mines a block; `seconds` moves the clock of the chain forward for it and after it. */
  mine(seconds?: number): Promise<void>;
}

/** A running local Tempo. Every account has pathUSD to pay fees and calls with. */
export interface Tempo extends RunningTempo, TempoLedger {
  readonly chainId: number;
  /** pathUSD. */
  readonly currency: Hex;
  /** The channel reserve that sessions pay into. */
  readonly escrow: Hex;
  readonly accounts: readonly ChainAccount[];
}

/** Starts a Tempo as `runTempo` does, with its ledger. */
export async function startTempo(options: { port: number; stateFile?: string }): Promise<Tempo> {
  const tempo = await runTempo(options);
  return {
    ...{ ...tempo, ...openTempoLedger(tempo.rpcUrl), chainId: TEMPO_CHAIN_ID },
    ...{ currency: PATH_USD_ADDRESS, escrow: CHANNEL_RESERVE_ADDRESS, accounts: chainAccounts() },
  };
}

/** Talks to the Tempo at `rpcUrl` as its last account. */
export function openTempoLedger(rpcUrl: string): TempoLedger {
  const client = createTestClient({ mode: 'anvil', transport: http(rpcUrl), pollingInterval: 50 }).extend(
    publicActions,
  );
  const inTurn = takeTurns();
  const token = { address: PATH_USD_ADDRESS, abi: Abis.tip20 } as const;
  return {
    balanceOf: (account) => client.readContract({ ...token, functionName: 'balanceOf', args: [account] }),
    fund: async (to, amountAtomic) => {
      const data = encodeFunctionData({ abi: Abis.tip20, functionName: 'transfer', args: [to, amountAtomic] });
      const transaction = { from: chainAccounts()[9]?.address, to: PATH_USD_ADDRESS, data };
      const hash = (await inTurn(() => rpcAt(rpcUrl)('eth_sendTransaction', [transaction]))) as Hex;
      const { status } = await client.waitForTransactionReceipt({ hash });
      if (status !== 'success') throw new Error(`funding failed: ${hash}`);
      await client.setBalance({ address: to, value: 10n ** 18n });
    },
    mine: (seconds = 0) => client.mine({ blocks: 1, ...(seconds > 0 ? { interval: seconds } : {}) }),
  };
}
