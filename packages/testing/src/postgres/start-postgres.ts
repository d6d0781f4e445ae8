import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { freePort } from '../local/ports.ts';
import { initCluster } from './init-cluster.ts';
import { keptSecret } from './password.ts';
import { runPg } from './pg-command.ts';
import { choosePlace, type PostgresPlace } from './place.ts';
import { findPostmaster } from './postmaster.ts';
import { postgresUser, type SystemUser } from './system-user.ts';

export interface PostgresOptions {
  /** The cluster's folder; the superuser's password is kept beside it, in `<dataDir>.password`. */
  dataDir: string;
  /** A free one unless given. An already running server keeps its own. */
  port?: number;
  maxConnections?: number;
  /** False makes a server whose data need not survive a power loss. Default true. */
  durable?: boolean;
}

export interface Postgres {
  /** The superuser's address of the database `postgres`. */
  url: string;
  port: number;
  pid: number;
  clusterDir: string;
  /** Whether this start made the cluster, so that it holds nothing yet. */
  created: boolean;
  /** The folder outside of `dataDir` that holds what PostgreSQL's user could not have reached, or null. */
  elsewhere: string | null;
  stop(): Promise<void>;
  /** Stops and removes the cluster with everything that belongs to it, also outside of its folder. For tests. */
  destroy(): Promise<void>;
}

/** Starts the cluster's server, or adopts the one that an earlier, killed launcher left running. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const user = postgresUser();
  const dataDir = resolve(options.dataDir);
  const place = choosePlace(dataDir, user);
  await dropUnreachable(place, user, dataDir);
  const password = keptSecret(passwordFile(dataDir));
  const created = await initCluster(place, user, password);
  if (!findPostmaster(place.clusterDir)) await startServer(place, user, options);
  const server = findPostmaster(place.clusterDir);
  if (!server) throw new Error(`PostgreSQL ended right after its start:\n${serverLog(place)}`);
  const url = `postgresql://postgres:${password}@127.0.0.1:${server.port}/postgres`;
  await untilAnswering(url);
  const stop = () => stopServer(place, user);
  return { url, ...server, ...place, created, stop, destroy: () => stop().then(() => removeCluster(place, dataDir)) };
}

function passwordFile(dataDir: string): string {
  return `${dataDir}.password`;
}

/** Whoever deletes the state folder deletes the password, and cannot know of the cluster that had to stand elsewhere. */
async function dropUnreachable(place: PostgresPlace, user: SystemUser | null, dataDir: string): Promise<void> {
  if (existsSync(passwordFile(dataDir)) || !existsSync(place.clusterDir)) return;
  if (place.elsewhere === null) throw new Error(`${passwordFile(dataDir)} is lost; remove ${place.clusterDir} too.`);
  await stopServer(place, user);
  rmSync(place.clusterDir, { recursive: true });
}

function removeCluster(place: PostgresPlace, dataDir: string): void {
  for (const path of [place.clusterDir, passwordFile(dataDir), place.elsewhere]) {
    if (path) rmSync(path, { recursive: true, force: true });
  }
}

/** Stops the server of that cluster if it runs. */
export async function stopPostgres(dataDir: string): Promise<void> {
  const user = postgresUser();
  await stopServer(choosePlace(resolve(dataDir), user), user);
}

async function startServer(place: PostgresPlace, user: SystemUser | null, options: PostgresOptions): Promise<void> {
  const port = options.port ?? (await freePort());
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    // A socket file would bring back the 107 byte limit of its path, and nobody needs it.
    unix_socket_directories: '',
    max_connections: options.maxConnections ?? 200,
    ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  const serverFlags = [`-p ${port}`, ...flags].join(' ');
  const log = join(place.clusterDir, 'server.log');
  const started = await runPg('pg_ctl', ['-D', place.clusterDir, '-w', '-l', log, '-o', serverFlags, 'start'], {
    ...place,
    user,
    detached: true,
  });
  if (started.code !== 0) throw new Error(`PostgreSQL did not start:\n${serverLog(place)}`);
}

async function stopServer(place: PostgresPlace, user: SystemUser | null): Promise<void> {
  if (!findPostmaster(place.clusterDir)) return;
  const fast = ['-D', place.clusterDir, '-w', '-t', '5', '-m', 'fast', 'stop'];
  const stopped = await runPg('pg_ctl', fast, { ...place, user });
  if (stopped.code === 0 || !findPostmaster(place.clusterDir)) return;
  await runPg('pg_ctl', ['-D', place.clusterDir, '-w', '-t', '5', '-m', 'immediate', 'stop'], { ...place, user });
}

function serverLog(place: PostgresPlace): string {
  const path = join(place.clusterDir, 'server.log');
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-8).join('\n');
  } catch {
    return `(there is no ${path} in ${dirname(path)})`;
  }
}

/** An adopted server may still be recovering; the password is proved here too. */
async function untilAnswering(url: string, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (Date.now() > deadline || isWrongPassword(error)) throw error;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '28P01';
}
