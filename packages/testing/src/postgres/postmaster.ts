import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from '../local/process-identity.ts';

/** The running server of a cluster, as its own lock file tells it. */
export interface Postmaster {
  pid: number;
  port: number;
}

/**
 * The server that runs on this cluster, or null. A lock file whose pid belongs to another program by now (after a
 * crash or a reboot) is removed, since it would keep the cluster from starting.
 */
export function findPostmaster(clusterDir: string): Postmaster | null {
  const lockFile = join(clusterDir, 'postmaster.pid');
  const lines = readLines(lockFile);
  if (!lines) return null;
  const pid = Number(lines[0]);
  const command = commandOf(pid);
  if (command?.includes('postgres') && command.includes(clusterDir)) return { pid, port: Number(lines[3]) };
  rmSync(lockFile, { force: true });
  return null;
}

function readLines(path: string): string[] | null {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return null;
  }
}
