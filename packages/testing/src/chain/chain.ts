import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hex } from 'viem';
import { type ChainAccount, chainAccounts } from './accounts.ts';
import { anvilCommand, chainId, freePort } from './anvil.ts';
import { type LeashedProcess, spawnLeashed } from './leash.ts';
import { type Ledger, openLedger, usdcAddress } from './ledger.ts';

/** A running local chain with the token at the address that USDC has on Base Sepolia. */
export type Chain = Ledger & {
  readonly rpcUrl: string;
  readonly port: number;
  readonly chainId: number;
  readonly usdc: Hex;
  readonly accounts: readonly ChainAccount[];
  close(): Promise<void>;
};

/** Starts anvil on 127.0.0.1 and puts the token there. Port 0 takes a free one; `stateFile` keeps balances over restarts. */
export async function startChain(options: { port: number; stateFile?: string }): Promise<Chain> {
  const port = options.port === 0 ? await freePort() : options.port;
  if (options.stateFile !== undefined) repairState(options.stateFile);
  const { command, args } = anvilCommand({ ...options, port });
  const anvil = spawnLeashed(command, args);
  const rpcUrl = `http://127.0.0.1:${port}`;
  try {
    await answering(rpcUrl, anvil);
  } catch (error) {
    await anvil.stop();
    throw error;
  }
  const ledger = openLedger(rpcUrl);
  await ledger.prepare();
  return {
    ...ledger,
    rpcUrl,
    port,
    chainId,
    usdc: usdcAddress,
    accounts: chainAccounts(),
    close: () => anvil.stop(),
  };
}

/** A kill in the middle of a write leaves half a state file, from which anvil does not start: the last whole one is used. */
export function repairState(stateFile: string): void {
  const backup = `${stateFile}.whole`;
  if (isWhole(stateFile)) {
    copyFileSync(stateFile, backup);
    return;
  }
  rmSync(stateFile, { force: true });
  if (isWhole(backup)) {
    copyFileSync(backup, `${stateFile}.new`);
    renameSync(`${stateFile}.new`, stateFile);
  }
}

function isWhole(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

async function answering(rpcUrl: string, anvil: LeashedProcess): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] });
  while (Date.now() < deadlineMs) {
    if (anvil.ended()) throw new Error('anvil ended before it answered');
    try {
      const response = await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const answer = (await response.json()) as { result?: string };
      if (Number(answer.result) === chainId) return;
      throw new TypeError(`another chain answers at ${rpcUrl}`);
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith('another')) throw error;
      await sleep(25);
    }
  }
  throw new Error('anvil did not answer within 30 s');
}
