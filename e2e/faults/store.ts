import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { grantLogins, migrateState, openState, type StatePort } from '@tollwright/state';
import { type DatabaseCopy, startPostgres, startRedis, urlAs } from '@tollwright/testing';

/** Which adapter of the state port is attacked. */
export type Adapter = 'postgres' | 'redis';
export const ADAPTERS: readonly Adapter[] = ['postgres', 'redis'];

export type StoreVariables = { readonly STATE_DATABASE_URL: string } | { readonly REDIS_URL: string };

/** The state store of a stage. */
export interface Store {
  readonly adapter: Adapter;
  readonly port: number;
  /** How a process finds the store, at its own port or at that of a proxy before it. */
  variables(role: 'tollwright_gateway' | 'tollwright_worker' | 'tollwright_portal', port?: number): StoreVariables;
  /** Keeps a copy of what it has now on its disk. Only a store of its own can. */
  copyAside(): Promise<void>;
  /** SIGKILL or its like; then it starts again, on the copy that was put aside. */
  rollBack(): Promise<void>;
  /** SIGKILL or its like; then it starts again on what it has. */
  restart(): Promise<void>;
  /** Empties it while it runs. Redis only. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The state store as a schema of the control plane's database, as by default. */
export function sharedStore(database: DatabaseCopy): Store {
  const alone = async () => {
    throw new Error('this store is also the control plane: a scenario that breaks it has to be alone');
  };
  return {
    adapter: 'postgres',
    port: Number(new URL(database.url).port),
    variables: (role, port) => ({ STATE_DATABASE_URL: atPort(database.urlAs(role), port) }),
    ...{ copyAside: alone, rollBack: alone, restart: alone, flush: alone },
    close: async () => undefined,
  };
}

/** The state store in a PostgreSQL cluster of its own. */
export async function openPostgresStore(folder: string): Promise<Store> {
  const dataDir = join(folder, 'state-pg');
  let server = await startPostgres({ dataDir, durable: false, maxConnections: 100 });
  const { port, clusterDir, url } = server;
  await migrateState(url);
  const password = randomBytes(12).toString('hex');
  await grantLogins(url, () => password);
  const start = async () => {
    server = await startPostgres({ dataDir, durable: false, maxConnections: 100, port });
  };
  return {
    adapter: 'postgres',
    port,
    variables: (role, at) => ({ STATE_DATABASE_URL: atPort(urlAs(url, role, password), at) }),
    async copyAside() {
      await server.stop();
      execFileSync('cp', ['-a', clusterDir, `${clusterDir}.aside`]);
      await start();
    },
    async rollBack() {
      await server.stop();
      execFileSync('rm', ['-rf', clusterDir]);
      execFileSync('cp', ['-a', `${clusterDir}.aside`, clusterDir]);
      await start();
    },
    async restart() {
      await server.stop();
      await start();
    },
    flush: async () => {
      throw new Error('PostgreSQL has no FLUSHALL');
    },
    async close() {
      await server.destroy();
      execFileSync('rm', ['-rf', `${clusterDir}.aside`]);
    },
  };
}

/** The state store as one Redis with the settings that it has to have. */
export async function openRedisStore(folder: string): Promise<Store> {
  const dataDir = join(folder, 'redis');
  execFileSync('mkdir', ['-p', dataDir]);
  let server = await startRedis({ dataDir });
  const { port } = server;
  const start = async () => {
    server = await startRedis({ dataDir, port });
  };
  return {
    adapter: 'redis',
    port,
    variables: (_, at) => ({ REDIS_URL: `redis://127.0.0.1:${at ?? port}` }),
    // Its append-only file is whole at every moment, up to its last command.
    copyAside: async () => void execFileSync('cp', ['-a', dataDir, `${dataDir}.aside`]),
    async rollBack() {
      await server.kill();
      execFileSync('rm', ['-rf', dataDir]);
      execFileSync('cp', ['-a', `${dataDir}.aside`, dataDir]);
      await start();
    },
    async restart() {
      await server.kill();
      await start();
    },
    flush: () => server.flush(),
    close: () => server.stop(),
  };
}

/** Opens the state port with the rights of a role. */
export function stateAs(store: Store, role: Parameters<Store['variables']>[0]): StatePort {
  const where = store.variables(role);
  return 'REDIS_URL' in where
    ? openState({ redisUrl: where.REDIS_URL, databaseUrl: undefined })
    : openState({ databaseUrl: where.STATE_DATABASE_URL, poolMax: 4 });
}

function atPort(url: string, port: number | undefined): string {
  if (port === undefined) return url;
  const other = new URL(url);
  other.port = String(port);
  return other.href;
}
