import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../postgres/start-postgres.ts';
import { homePaths, readJson } from './home.ts';
import type { LocalProcess } from './local-file.ts';
import { commandOf, identify, isAlive, type ProcessIdentity } from './process-identity.ts';
import { endLeftovers, type RunFile } from './run-file.ts';

interface Started {
  launcher: ChildProcess;
  ended: string[];
  processes: LocalProcess[];
}

const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const harness = fileURLToPath(new URL('./crew-harness.ts', import.meta.url));

describe('a launcher killed with -9', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crew-'));
    chmodSync(folder, 0o711);
  });
  afterAll(async () => {
    await endLeftovers(homePaths(folder), folder);
    await stopPostgres(homePaths(folder).postgresDir);
    rmSync(folder, { recursive: true });
  });

  const launch = async (): Promise<Started> => {
    const args = [tsx, '--conditions=@tollwright/source', harness, folder];
    const launcher = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(launcher.stdout, 'data');
    return { launcher, ...JSON.parse(String(line)) };
  };
  const identityOf = ({ processes }: Started, name: string): ProcessIdentity => {
    const identity = identify(processes.find((it) => it.name === name)?.pid ?? 0);
    if (!identity) throw new Error(`${name} does not run`);
    return identity;
  };
  const launcherPid = () => readJson<RunFile>(homePaths(folder).processesFile)?.launcher.pid ?? 0;

  it('leaves children that the next launcher ends, and a PostgreSQL that it takes over', async () => {
    const first = await launch();
    const left = ['one', 'two', 'postgres'].map((name) => identityOf(first, name));
    process.kill(launcherPid(), 'SIGKILL');
    await once(first.launcher, 'exit');
    expect(left.map(isAlive)).toEqual([true, true, true]);

    const second = await launch();
    expect(second.ended).toEqual(['one', 'two']);
    expect(left.map(isAlive)).toEqual([false, false, true]);
    expect(identityOf(second, 'postgres')).toEqual(left[2]);
    expect(identityOf(second, 'one').pid).not.toBe(left[0]?.pid);
    expect(commandOf(left[2]?.pid ?? 0)).toContain(homePaths(folder).postgresDir);

    const running = ['one', 'two', 'postgres'].map((name) => identityOf(second, name));
    const startedAt = Date.now();
    second.launcher.kill('SIGTERM');
    await once(second.launcher, 'exit');
    expect(running.map(isAlive)).toEqual([false, false, false]);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });
});
