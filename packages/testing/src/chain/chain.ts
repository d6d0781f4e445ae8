import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hex } from 'viem';
import { type ChainAccount, chainAccounts } from './accounts.ts';
import { anvilCommand, chainId, freePort } from './anvil.ts';
import { type Ledger, openLedger, usdcAddress } from './ledger.ts';

/** A running local chain with the token at the address that USDC has on Base Sepolia. */
export type Chain = Ledger & {
  readonly rpcUrl: string;
  readonly port: number;
  readonly pid: number;
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
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const rpcUrl = `http://127.0.0.1:${port}`;
  try {
    await answering(rpcUrl, child);
  } catch (error) {
    kill();
    throw error;
  }
  const ledger = openLedger(rpcUrl);
  await ledger.prepare();
  return {
    ...ledger,
    rpcUrl,
    port,
    pid: child.pid ?? 0,
    chainId,
    usdc: usdcAddress,
    accounts: chainAccounts(),
    close: async () => {
      process.off('exit', kill);
      await stop(child);
    },
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

async function answering(rpcUrl: string, child: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] });
  while (Date.now() < deadlineMs) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('anvil ended before it answered');
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
