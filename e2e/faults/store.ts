import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { grantLogins, migrateState, openState, type StatePort } from '@tollwright/state';
import {
  type DatabaseCopy,
  openProxy,
  queryOnce,
  startPostgres,
  startRedis,
  startRedisCluster,
  urlAs,
} from '@tollwright/testing';

/** Which adapter of the state port is attacked. */
export type Adapter = 'postgres' | 'redis';
export const ADAPTERS: readonly Adapter[] = ['postgres', 'redis'];

/**
 * About half of a long list of places in a gateway that no store knows of; on the other adapter those that are left. By what a
 * place is called, so that lists of two runs are divided alike.
 */
export function shareOf<T>(all: readonly T[], adapter: Adapter, nameOf: (one: T) => string): T[] {
  return all.filter((one) => {
    const first = createHash('sha256').update(nameOf(one)).digest()[0] as number;
    return first % ADAPTERS.length === ADAPTERS.indexOf(adapter);
  });
}

export type StoreVariables = { readonly STATE_DATABASE_URL: string } | { readonly REDIS_URL: string };

/**
 * What a scenario needs of its stage's state store. `shared`: the same for all, in the control plane's database or in one Redis.
 * The others are a scenario's own, so that it may break them: `own` as before, the same with a `movable-clock`, a `cluster` of
 * three Redis masters, a Redis with a `replica`.
 */
export type StoreKind = 'shared' | 'own' | 'movable-clock' | 'cluster' | 'replica';

export type StoreRole = 'tollwright_gateway' | 'tollwright_worker' | 'tollwright_portal';

/** How a store can be broken. Each breaks off what cannot be done to this one. */
export interface Breaking {
  /** Keeps a copy of what it has now on its disk. */
  copyAside(): Promise<void>;
  /** Ends it and starts it again on the copy that was put aside. */
  rollBack(): Promise<void>;
  /** Ends it (SIGKILL for Redis) and starts it again on what it has. */
  restart(): Promise<void>;
  /** Empties it while it runs; of a cluster the node with that number. */
  flush(node?: number): Promise<void>;
  /** From now on what it is told does not reach its replica. */
  holdReplica(): Promise<void>;
  /** Kills it; its replica takes its place with what it has. */
  promoteReplica(): Promise<void>;
  /** From now on its clock is so far ahead of this machine's, or behind. */
  moveClock(aheadMs: number): Promise<void>;
}

/** The state store of a stage. */
export interface Store extends Breaking {
  readonly adapter: Adapter;
  readonly port: number;
  /** Modules that programs have to load for its clock to move. */
  readonly imports: readonly string[];
  /** How a process finds the store, at its own port or at that of a proxy before it. */
  variables(role: StoreRole, port?: number): StoreVariables;
  close(): Promise<void>;
}

/** Opens the store that a scenario needs. */
export async function openStore(
  adapter: Adapter,
  kind: StoreKind,
  folder: string,
  database: DatabaseCopy,
): Promise<Store> {
  if (kind === 'cluster') return openClusterStore();
  if (kind === 'replica') return openReplicatedStore();
  if (adapter === 'redis') return kind === 'movable-clock' ? openClockedRedisStore(folder) : openRedisStore(folder);
  return kind === 'shared' ? sharedStore(database) : openPostgresStore(folder);
}

const REDIS_CLOCK_KEY = 'faults:clock-ahead-ms';

const impossible = async () => {
  throw new Error('this cannot be done to the store of this scenario');
};
const unbreakable: Breaking & Pick<Store, 'imports'> = {
  ...{ copyAside: impossible, rollBack: impossible, restart: impossible, flush: impossible },
  ...{ holdReplica: impossible, promoteReplica: impossible, moveClock: impossible, imports: [] },
};

/** The state store as a schema of the control plane's database, as by default. */
function sharedStore(database: DatabaseCopy): Store {
  return {
    ...unbreakable,
    adapter: 'postgres',
    port: Number(new URL(database.url).port),
    variables: (role, port) => ({ STATE_DATABASE_URL: atPort(database.urlAs(role), port) }),
    close: async () => undefined,
  };
}

/** The state store in a PostgreSQL cluster of its own. */
async function openPostgresStore(folder: string): Promise<Store> {
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
    ...unbreakable,
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
    // As its owner, since no role of the product may.
    async moveClock(aheadMs) {
      const now = `floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + (${aheadMs})`;
      await queryOnce(
        url,
        `CREATE OR REPLACE FUNCTION state.clock_ms() RETURNS bigint LANGUAGE sql VOLATILE RETURN ${now}`,
      );
    },
    async close() {
      await server.destroy();
      execFileSync('rm', ['-rf', `${clusterDir}.aside`]);
    },
  };
}

/** The state store as one Redis with the settings that it has to have. */
async function openRedisStore(folder: string): Promise<Store> {
  const dataDir = join(folder, 'redis');
  execFileSync('mkdir', ['-p', dataDir]);
  let server = await startRedis({ dataDir });
  const { port } = server;
  const start = async () => {
    server = await startRedis({ dataDir, port });
  };
  return {
    ...unbreakable,
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

/** The same, whose clock is as far ahead as a key in it says, for programs that load what reads it. */
async function openClockedRedisStore(folder: string): Promise<Store> {
  const store = await openRedisStore(folder);
  return {
    ...store,
    imports: [`${new URL('clocks/redis-clock.mjs', import.meta.url)}?key=${REDIS_CLOCK_KEY}`],
    moveClock: async (aheadMs) =>
      void execFileSync('redis-cli', ['-p', `${store.port}`, 'set', REDIS_CLOCK_KEY, `${aheadMs}`]),
  };
}

/** The state store as three masters that share all slots. */
async function openClusterStore(): Promise<Store> {
  const cluster = await startRedisCluster();
  return {
    ...unbreakable,
    adapter: 'redis',
    port: cluster.nodes[0]?.port ?? 0,
    variables: () => ({ REDIS_URL: cluster.url }),
    flush: async (node = 0) => cluster.nodes[node]?.flush(),
    close: () => cluster.stop(),
  };
}

/** The state store as a Redis whose replica can take its place, behind an address that stays. */
async function openReplicatedStore(): Promise<Store> {
  const first = await startRedis();
  const replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${first.port}` } });
  const address = await openProxy(first.port);
  return {
    ...unbreakable,
    adapter: 'redis',
    port: address.port,
    variables: (_, at) => ({ REDIS_URL: `redis://127.0.0.1:${at ?? address.port}` }),
    holdReplica: async () => void process.kill(replica.pid, 'SIGSTOP'),
    async promoteReplica() {
      await first.kill();
      process.kill(replica.pid, 'SIGCONT');
      execFileSync('redis-cli', ['-p', `${replica.port}`, 'replicaof', 'no', 'one']);
      address.retarget(replica.port);
    },
    async close() {
      await address.close();
      await Promise.all([first.stop(), replica.stop()]);
    },
  };
}

/** Opens the state port with the rights of a role. */
export function stateAs(store: Store, role: StoreRole): StatePort {
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
