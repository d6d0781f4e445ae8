import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresState, createRedisState, migrateState, type StatePort } from '@tollwright/state';
import { freePort, startPostgres, startRedis } from '@tollwright/testing';
import type { Ends } from './ends.ts';
import { type Keys, publishFixture } from './fixture.ts';
import { startGateway } from './gateway.ts';
import { startChild } from './process.ts';

/** A process that answers HTTP. */
export interface Peer {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly origin: string;
}

/** A built gateway beside its state store, with the fixture published. */
export interface Tollwright extends Peer {
  readonly store: 'PostgreSQL' | 'Redis';
  readonly folder: string;
  /** How programs of the product find the state store. */
  readonly storeEnv: Readonly<Record<string, string>>;
  readonly state: StatePort;
  readonly keys: Keys;
}

/** What every benchmark begins with: a folder, an upstream, the load process. */
export interface Stage {
  readonly ends: Ends;
  readonly folder: string;
  readonly upstream: Peer;
  readonly loader: ChildProcess;
}

export async function openStage(ends: Ends): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-bench-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL runs as a user of its own and has to pass through.
  chmodSync(folder, 0o755);
  const upstream = await startPeer(ends, 'bench-upstream.ts', {});
  const loader = await startPeer(ends, 'load.ts', {});
  return { ends, folder, upstream, loader: loader.process };
}

/** Starts a file of `peers` on a free port of loopback. */
export async function startPeer(ends: Ends, name: string, env: Record<string, string>): Promise<Peer> {
  const port = await freePort();
  const file = join(import.meta.dirname, 'peers', name);
  const child = await startChild(ends, file, { PORT: String(port), ...env });
  return { process: child, pid: child.pid ?? 0, origin: `http://127.0.0.1:${port}` };
}

export async function startTollwright(stage: Stage, store: Tollwright['store']): Promise<Tollwright> {
  const { ends, upstream } = stage;
  const folder = join(stage.folder, store);
  mkdirSync(folder, { mode: 0o755 });
  const address = store === 'Redis' ? await startRedisStore(ends) : await startPostgresStore(ends, folder);
  const { state, env: storeEnv } = address;
  ends.push(() => state.close());
  const keys = await publishFixture(state, upstream.origin);
  const gateway = await startGateway(ends, { folder, storeEnv, upstreamUrl: upstream.origin });
  return { ...gateway, pid: gateway.process.pid ?? 0, store, folder, storeEnv, state, keys };
}

interface StoreAddress {
  readonly state: StatePort;
  readonly env: Record<string, string>;
}

async function startPostgresStore(ends: Ends, folder: string): Promise<StoreAddress> {
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  ends.push(() => postgres.destroy());
  await migrateState(postgres.url);
  const state = createPostgresState({ connectionString: postgres.url, poolMax: 4 });
  return { state, env: { STATE_DATABASE_URL: postgres.url } };
}

/** An empty Redis is founded as the worker does it: there is nothing to restore. */
async function startRedisStore(ends: Ends): Promise<StoreAddress> {
  const redis = await startRedis();
  ends.push(() => redis.stop());
  const state = createRedisState({ url: redis.url });
  await state.epochs.raise(0, 'founded');
  await state.epochs.open(1);
  return { state, env: { REDIS_URL: redis.url } };
}
