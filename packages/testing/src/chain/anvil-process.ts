import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnvilOptions, anvilCommand } from './anvil.ts';
import { type LeashedProcess, spawnLeashed } from './leash.ts';
import { chainIdAt } from './rpc.ts';

/** Starts anvil on 127.0.0.1 and waits until it answers. Throws when it ends, or another chain answers at the port. */
export async function runAnvil(options: AnvilOptions): Promise<LeashedProcess> {
  if (options.stateFile !== undefined) repairState(options.stateFile);
  const { command, args } = anvilCommand(options);
  const anvil = spawnLeashed(command, args);
  try {
    await answering(`http://127.0.0.1:${options.port}`, options.chainId, anvil);
  } catch (error) {
    await anvil.stop();
    throw error;
  }
  return anvil;
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

async function answering(rpcUrl: string, chainId: number, anvil: LeashedProcess): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  while (Date.now() < deadlineMs) {
    if (anvil.ended()) throw new Error('anvil ended before it answered');
    const answered = await chainIdAt(rpcUrl).catch(() => null);
    if (answered === chainId) return;
    if (answered !== null) throw new Error(`another chain answers at ${rpcUrl}`);
    await sleep(25);
  }
  throw new Error('anvil did not answer within 30 s');
}
