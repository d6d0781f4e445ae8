import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupMembers, identify, isAlive } from './process-identity.ts';
import { type ProcessSpec, Supervised } from './supervisor.ts';

const sleeper = 'setInterval(() => {}, 1000)';

describe('supervisor', () => {
  let folder: string;
  let said: string[];
  let running: Supervised[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
    said = [];
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop(100)));
    rmSync(folder, { recursive: true });
  });

  const supervised = (script: string, ready: ProcessSpec['ready'] = async () => undefined) => {
    const one = new Supervised(
      {
        name: 'child',
        command: process.execPath,
        args: ['-e', script],
        cwd: folder,
        env: {},
        url: null,
        logFile: join(folder, 'child.log'),
        ready,
      },
      { say: (line) => said.push(line), changed: () => undefined },
    );
    running.push(one);
    return one;
  };

  const until = async (holds: () => boolean) => {
    for (let tries = 0; tries < 2_000 && !holds(); tries += 1) await sleep(10);
    expect(holds()).toBe(true);
  };

  it('starts a killed child again, as another process', async () => {
    const one = supervised(sleeper);
    await one.start();
    const first = one.identity();
    expect(first && isAlive(first)).toBe(true);
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await until(() => one.identity() !== null && one.identity()?.pid !== first?.pid);
    expect(first && isAlive(first)).toBe(false);
    await until(() => said.includes('child is back'));
    expect(said).toContain('child was ended by SIGKILL; it is started again');
  });

  it('refuses a start when the child ends before it is ready, with its last words', async () => {
    const never = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const one = supervised('console.error("no database"); process.exit(3)', never);
    await expect(one.start()).rejects.toThrow(/child ended with code 3 before it was ready:\n\s+\| no database/);
    expect(readFileSync(join(folder, 'child.log'), 'utf8')).toContain('no database');
  });

  it('stops a child that ignores SIGTERM, with the children it made', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); require('child_process').spawn(process.execPath, ['-e', '${sleeper}']); ${sleeper}`;
    const one = supervised(stubborn);
    await one.start();
    const leader = one.identity();
    const group = () => groupMembers(leader?.pid ?? 0).filter((pid) => identify(pid));
    await until(() => group().length === 2);
    await sleep(100);
    await one.stop(200);
    await until(() => group().length === 0);
    expect(one.identity()).toBe(null);
  });

  it('does not start a stopped child again', async () => {
    const one = supervised(sleeper);
    await one.start();
    const first = one.identity();
    await one.stop(1000);
    await sleep(400);
    expect(one.identity()).toBe(null);
    expect(first && isAlive(first)).toBe(false);
    expect(said).toEqual([]);
  });
});
