import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Home, homePaths, writeJson } from './home.ts';
import { groupMembers, identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { AlreadyRunning, endLeftovers, type RunFile, runningLauncher } from './run-file.ts';

const dead: ProcessIdentity = { pid: 2 ** 22 - 1, startedAt: 'another boot:1' };

describe('endLeftovers', () => {
  let folder: string;
  let home: Home;
  let started: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'run-file-'));
    home = homePaths(folder);
    started = [];
  });
  afterEach(() => {
    for (const child of started) {
      for (const pid of groupMembers(child.pid ?? 0)) process.kill(pid, 'SIGKILL');
    }
    rmSync(folder, { recursive: true });
  });

  const sleeper = async (script = 'console.log(1); setInterval(() => {}, 1000)') => {
    const child = spawn(process.execPath, ['-e', script, folder], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    started.push(child);
    await once(child.stdout, 'data');
    const identity = identify(child.pid ?? 0);
    if (!identity) throw new Error('the sleeper did not start');
    return identity;
  };
  const left = (children: ProcessIdentity[], launcher = dead) =>
    writeJson(home.processesFile, {
      launcher,
      children: children.map((child) => ({ name: 'child', ...child })),
    } satisfies RunFile);

  it('ends a child of a launcher that is gone', async () => {
    const child = await sleeper();
    left([child]);
    expect(await endLeftovers(home, folder)).toEqual(['child']);
    expect(isAlive(child)).toBe(false);
  });

  it('leaves a process alone that got the pid of an earlier child', async () => {
    const stranger = await sleeper();
    left([{ pid: stranger.pid, startedAt: 'another boot:7' }]);
    expect(await endLeftovers(home, folder)).toEqual([]);
    expect(isAlive(stranger)).toBe(true);
  });

  it('ends what a dead child started, by its group and its program', async () => {
    const grandchild = 'setInterval(() => {}, 1000)';
    const leader = await sleeper(
      `require('child_process').spawn(process.execPath, ['-e', '${grandchild}', process.argv[1]], { stdio: 'ignore' }); console.log(1); setInterval(() => {}, 1000)`,
    );
    process.kill(leader.pid, 'SIGKILL');
    while (isAlive(leader)) await new Promise((wake) => setTimeout(wake, 5));
    expect(groupMembers(leader.pid).filter((pid) => identify(pid))).toHaveLength(1);
    left([leader]);
    expect(await endLeftovers(home, '/nowhere')).toEqual([]);
    expect(await endLeftovers(home, folder)).toEqual(['child']);
    expect(groupMembers(leader.pid).filter((pid) => identify(pid))).toEqual([]);
  });

  it('refuses to start beside a running launcher', async () => {
    const launcher = await sleeper();
    left([], launcher);
    expect(runningLauncher(home)).toBe(launcher.pid);
    await expect(endLeftovers(home, folder)).rejects.toThrow(AlreadyRunning);
  });

  it('does nothing in a new folder', async () => {
    expect(await endLeftovers(home, folder)).toEqual([]);
    expect(runningLauncher(home)).toBe(null);
  });
});
