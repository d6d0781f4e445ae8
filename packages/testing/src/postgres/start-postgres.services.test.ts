import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identify, isAlive } from '../local/process-identity.ts';
import { type Postgres, startPostgres } from './start-postgres.ts';

async function ask<T>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  let folder: string;
  let dataDir: string;
  let server: Postgres;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'start-postgres-'));
    chmodSync(folder, 0o711);
    dataDir = join(folder, 'pg');
    server = await startPostgres({ dataDir, maxConnections: 20 });
  });
  afterAll(async () => {
    await server.destroy();
    rmSync(folder, { recursive: true });
  });

  it('adopts the server that runs already', async () => {
    const again = await startPostgres({ dataDir });
    expect(again.pid).toBe(server.pid);
    expect(again.url).toBe(server.url);
  });

  it('refuses a wrong password, and keeps the right one from others', async () => {
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
  });

  it('starts again with what was committed, after the server was killed', async () => {
    await ask(server.url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
    const killed = identify(server.pid);
    process.kill(server.pid, 'SIGKILL');
    while (killed && isAlive(killed)) await new Promise((wake) => setTimeout(wake, 5));
    server = await startPostgres({ dataDir, maxConnections: 20 });
    expect(server.pid).not.toBe(killed?.pid);
    expect(await ask(server.url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
  });

  it('starts over a lock file whose pid belongs to another program by now', async () => {
    const lockFile = join(server.clusterDir, 'postmaster.pid');
    const [, ...rest] = readFileSync(lockFile, 'utf8').split('\n');
    await server.stop();
    writeFileSync(lockFile, [process.pid, ...rest].join('\n'));
    server = await startPostgres({ dataDir, maxConnections: 20 });
    expect(server.pid).not.toBe(process.pid);
    expect(await ask(server.url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
  });

  it('stands in /var/tmp when its user could not enter the wanted folder, and beside us when it could', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'start-postgres-closed-'));
    const isRoot = process.getuid?.() === 0;
    let hidden = await startPostgres({ dataDir: join(closed, 'pg'), maxConnections: 20 });
    try {
      expect(hidden.clusterDir.startsWith(isRoot ? '/var/tmp/tollwright-' : closed)).toBe(true);
      expect(hidden.elsewhere === null).toBe(!isRoot);
      expect(await ask(hidden.url, 'SHOW data_directory')).toEqual([{ data_directory: hidden.clusterDir }]);
      await hidden.stop();
      // As when somebody deletes the state folder by hand.
      rmSync(closed, { recursive: true });
      mkdirSync(closed, { mode: 0o700 });
      hidden = await startPostgres({ dataDir: join(closed, 'pg'), maxConnections: 20 });
      expect(hidden.created).toBe(true);
    } finally {
      await hidden.destroy();
      rmSync(closed, { recursive: true });
    }
    expect(hidden.elsewhere && existsSync(hidden.elsewhere)).toBeFalsy();
  });
});
