import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type InboxItem, toJson } from '@tollwright/contracts';
import { createPostgresState, createRedisState, type StatePort } from '@tollwright/state';
import {
  callTraceOf,
  type FreshDatabase,
  freePort,
  freshDatabase,
  insertTenant,
  queryOnce,
  startRedis,
  startRedisCluster,
  type TenantIds,
  usageEventOf,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let database: FreshDatabase;
let gateway: StatePort;
let acme: TenantIds;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  gateway = createPostgresState({ connectionString: database.urlAs('tollwright_gateway') });
  acme = await insertTenant(database.url, 'acme');
  folder = mkdtempSync(join(tmpdir(), 'tollwright-worker-'));
  writeFileSync(join(folder, 'master.key'), randomBytes(32).toString('base64'));
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await gateway.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

interface Worker {
  readonly child: ChildProcess;
  readonly url: string;
}

async function startWorker(redisUrl = ''): Promise<Worker> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@tollwright/source', '--import', 'tsx', main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      DATABASE_URL: database.urlAs('tollwright_worker'),
      QUEUE_DATABASE_URL: database.urlAs('tollwright_queue'),
      REDIS_URL: redisUrl,
      TOLLWRIGHT_MASTER_KEY_FILE: join(folder, 'master.key'),
      TOLLWRIGHT_MAIL_DIR: folder,
      PORTAL_PUBLIC_URL: 'http://127.0.0.1:27001',
      GATEWAY_PUBLIC_URL: 'http://127.0.0.1:27002',
      PORT: String(port),
    },
  });
  children.push(child);
  for (;;) {
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.status === 200) return { child, url };
    if (child.exitCode !== null) throw new Error('the worker ended');
    await sleep(50);
  }
}

async function append(spoolId: string, first: number, count: number, state = gateway): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => {
    const item: InboxItem = { kind: 'usage', event: usageEventOf(acme, { eventId: `${spoolId}-${first + index}` }) };
    return { sequence: first + index, item };
  });
  await state.inbox.append(spoolId, items);
}

const UNTIL_COMMITTED_MS_MAX = 60_000;

async function untilCommitted(spoolId: string, sequence: number, state = gateway): Promise<number> {
  const startedAt = performance.now();
  while ((await state.inbox.watermark(spoolId)) < sequence) {
    if (performance.now() - startedAt > UNTIL_COMMITTED_MS_MAX) throw new Error(`${spoolId} was not committed`);
    await sleep(20);
  }
  return performance.now() - startedAt;
}

/**
 * How long each of five commits takes, one after the other: the third longest. A machine that is busy for a moment delays
 * one commit; a worker that is slow delays most.
 */
async function usualWait(spoolId: string, first: number): Promise<number> {
  const waits: number[] = [];
  for (let sequence = first; sequence < first + 5; sequence += 1) {
    await append(spoolId, sequence, 1);
    waits.push(await untilCommitted(spoolId, sequence));
    await sleep(130);
  }
  return waits.sort((a, b) => a - b)[2] ?? Number.NaN;
}

describe('the worker', () => {
  it('commits usage within 5 s of its arrival, and again after kill -9 in mid-traffic', {
    timeout: 240_000,
  }, async () => {
    const first = await startWorker();
    await append('spl-live', 1, 1);
    await untilCommitted('spl-live', 1);
    expect(await usualWait('spl-live', 2)).toBeLessThan(5_000);
    await append('spl-busy', 1, 2_500);
    await sleep(150);
    first.child.kill('SIGKILL');
    const { url } = await startWorker();
    await append('spl-busy', 2_501, 10);
    await untilCommitted('spl-busy', 2_510);
    expect(await usualWait('spl-live', 7)).toBeLessThan(5_000);
    const scrape = async () => (await fetch(`${url}/metrics`)).text();
    await expect.poll(scrape).toMatch(/job_runs_total\{queue="ingest",job="sweep"\} [1-9]/);
    await expect.poll(scrape).toMatch(/low_watermark_seconds [0-9.]{10}/);
    expect(await scrape()).toMatch(/silent_gateways 0\n/);
  });

  it('goes on with the other spools while one is blocked', async () => {
    await append('spl-blocked', 1, 1);
    await untilCommitted('spl-blocked', 1);
    const blocked = queryOnce(
      database.url,
      `WITH locked AS MATERIALIZED (SELECT spool_id FROM spool_watermark WHERE spool_id = 'spl-blocked' FOR UPDATE)
       SELECT pg_sleep(600) FROM locked`,
    ).catch(String);
    const activity = async (what: string, where: string) =>
      queryOnce(database.url, `SELECT ${what} FROM pg_stat_activity WHERE datname = current_database() AND ${where}`);
    await expect.poll(() => activity('pid', "wait_event = 'PgSleep'")).toHaveLength(1);
    await append('spl-blocked', 2, 1);
    await expect.poll(() => activity('pid', "wait_event_type = 'Lock'")).not.toEqual([]);
    for (let n = 1; n <= 3; n += 1) {
      await append('spl-free', n, 1);
      await untilCommitted('spl-free', n);
    }
    expect(await gateway.inbox.watermark('spl-blocked')).toBe(1);
    await activity('pg_cancel_backend(pid)', "wait_event = 'PgSleep'");
    expect(await blocked).toContain('canceling statement');
    await untilCommitted('spl-blocked', 2);
  });

  it('brings traces of calls to Postgres, with what each policy decided', async () => {
    const { providerId, customerId, apiId, routeIds, agentIds, keyIds } = acme;
    const whose = { providerId, customerId, apiId, routeId: routeIds[0], agentId: agentIds[0], keyId: keyIds[0] };
    const trace = callTraceOf(whose, { eventId: 'spl_live-1' });
    expect(await gateway.traces.append([toJson(trace)])).toBe(1);
    const stored = () =>
      queryOnce(database.url, `SELECT refused_by, decisions, body FROM call_trace WHERE event_id = 'spl_live-1'`);
    await expect.poll(async () => (await stored()).length).toBe(1);
    expect(await stored()).toMatchObject([{ refused_by: 'rate-limit:burst', body: { policies: trace.policies } }]);
  });

  it('stops cleanly on SIGTERM', async () => {
    const child = children.at(-1);
    const ended = new Promise<number | null>((resolve) => child?.once('exit', resolve));
    child?.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

describe('the worker on Redis', () => {
  it.each([
    ['one node', async () => startRedis()],
    ['a Cluster', async () => startRedisCluster()],
  ])('queues there under one hash tag and commits what the inbox there has: %s', async (_, start) => {
    const redis = await start();
    const state = createRedisState({ url: redis.url });
    try {
      const { child: worker } = await startWorker(redis.url);
      const spoolId = `spl-${redis.url.length}`;
      await append(spoolId, 1, 20, state);
      await untilCommitted(spoolId, 20, state);
      // The queue's schedules are gone with everything else.
      for (const node of 'nodes' in redis ? redis.nodes : [redis]) await node.flush();
      await append(`${spoolId}-after`, 1, 20, state);
      await untilCommitted(`${spoolId}-after`, 20, state);
      const ended = new Promise<number | null>((resolve) => worker.once('exit', resolve));
      worker.kill('SIGTERM');
      expect(await ended).toBe(0);
    } finally {
      await state.close();
      await redis.stop();
    }
  });
});
