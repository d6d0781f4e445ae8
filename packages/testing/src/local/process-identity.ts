import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One process of this machine, told apart from a later one that got the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** Opaque: equal for the same process, different for another one with the same pid, also after a reboot. */
  startedAt: string;
}

/** The identity of the running process `pid`, or null when there is none (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | null {
  const startedAt = process.platform === 'linux' ? linuxStart(pid) : psField(pid, 'lstart');
  return startedAt === null ? null : { pid, startedAt };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** The command line of a running process, or null. */
export function commandOf(pid: number): string | null {
  if (process.platform !== 'linux') return psField(pid, 'args');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return null;
  }
}

/** The pids of a process group, its leader included. */
export function groupMembers(groupId: number): number[] {
  if (process.platform !== 'linux') return psGroup(groupId);
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => Number(linuxStat(pid)?.[GROUP_FIELD]) === groupId);
}

// Positions after the command's closing bracket in /proc/<pid>/stat, see proc(5).
const STATE_FIELD = 0;
const GROUP_FIELD = 2;
const START_FIELD = 19;

function linuxStat(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function linuxStart(pid: number): string | null {
  const stat = linuxStat(pid);
  if (!stat || stat[STATE_FIELD] === 'Z') return null;
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${bootId}:${stat[START_FIELD]}`;
}

function psField(pid: number, field: 'lstart' | 'args'): string | null {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', `${field}=`], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

function psGroup(groupId: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,pgid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid, group]) => (pid !== undefined && group === groupId ? [pid] : []));
}
