import { type Home, readJson, writeJson } from './home.ts';
import { commandOf, groupMembers, identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** What one launcher writes down about itself, so that the next one can clean up after it. */
export interface RunFile {
  launcher: ProcessIdentity;
  children: (ProcessIdentity & { name: string })[];
}

/** Another launcher already uses this state folder. */
export class AlreadyRunning extends Error {
  constructor(pid: number, dir: string) {
    super(`Tollwright already runs on ${dir} (process ${pid}). Stop it, or set TOLLWRIGHT_HOME to another folder.`);
    this.name = 'AlreadyRunning';
  }
}

/** The pid of the launcher that runs on this state folder now, or null. */
export function runningLauncher(home: Home): number | null {
  const run = readJson<RunFile>(home.processesFile);
  return run && run.launcher.pid !== process.pid && isAlive(run.launcher) ? run.launcher.pid : null;
}

/** Writes down who runs now. */
export function saveRun(home: Home, children: RunFile['children']): void {
  const launcher = identify(process.pid);
  if (launcher) writeJson(home.processesFile, { launcher, children } satisfies RunFile);
}

/**
 * Ends what a killed launcher left running and answers its names. A process is ours by its pid and its start time, or
 * as a member of the group that a dead child of ours led, when it runs a program below `rootDir`.
 */
export async function endLeftovers(home: Home, rootDir: string): Promise<string[]> {
  const running = runningLauncher(home);
  if (running !== null) throw new AlreadyRunning(running, home.dir);
  const children = readJson<RunFile>(home.processesFile)?.children ?? [];
  const left = children.map((child) => ({ ...child, pids: leftOf(child, rootDir) })).filter((it) => it.pids.length > 0);
  for (const { pids } of left) signalAll(pids, 'SIGTERM');
  const deadline = Date.now() + 3000;
  while (left.some((child) => leftOf(child, rootDir).length > 0) && Date.now() < deadline) await pause(50);
  for (const child of left) signalAll(leftOf(child, rootDir), 'SIGKILL');
  while (left.some((child) => leftOf(child, rootDir).length > 0)) await pause(20);
  return left.map((child) => child.name);
}

function leftOf(child: ProcessIdentity, rootDir: string): number[] {
  const leader = identify(child.pid);
  if (leader && leader.startedAt !== child.startedAt) return [];
  if (leader) return groupMembers(child.pid).filter((pid) => identify(pid));
  return groupMembers(child.pid).filter((pid) => identify(pid) && commandOf(pid)?.includes(rootDir));
}

function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself in between.
    }
  }
}

function pause(delayMs: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, delayMs));
}
