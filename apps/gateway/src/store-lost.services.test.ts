import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toJson } from '@tollwright/contracts';
import { makeKey } from '@tollwright/core';
import { type RedisServer, startRedis } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, foundStore, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

let redis: RedisServer;
let stage: Stage;
let gateway: GatewayProcess;

beforeAll(async () => {
  redis = await startRedis();
  await foundStore(redis.url);
  stage = await openStage({ redisUrl: redis.url });
});
afterAll(async () => {
  await stage?.close();
  await redis?.stop();
});

/** Answers the status of a call, with the problem's slug where it was refused. */
async function get(path: string, key: string | null): Promise<string> {
  const response = await fetch(`${gateway.url}${path}`, { headers: bearer(key) });
  return response.ok ? `${response.status}` : `${response.status} ${(await problemOf(response)).slug}`;
}

/** Sees for a second, in which gateways look at the store twice, that every call is answered so. */
async function stays(path: string, key: string, expected: string): Promise<void> {
  const answers = new Set<string>();
  for (const until = Date.now() + 1_200; Date.now() < until; ) {
    answers.add(await get(path, key));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect([...answers]).toEqual([expected]);
}

describe('a gateway whose store was emptied', () => {
  it('goes on with its last good snapshots until an epoch is open, and then with what the store has', async () => {
    await stage.publish({ apiId: 'api_archived', apiSlug: 'archived' });
    await stage.publish({ apiId: 'api_left', apiSlug: 'left' });
    const published = await stage.publish();
    const key = await stage.subscribe('cus_lost');
    gateway = await stage.startGateway('one');
    for (const slug of ['llm', 'archived', 'left']) expect(await get(`/acme/${slug}/weather`, key)).toBe('200');
    const before = stage.upstream.log.stats(null).calls;

    await redis.flush();
    await stays('/acme/llm/weather', key, '503 state-unavailable');
    expect(await get('/acme/llm/weather', makeKey('tw', true, randomBytes(64)))).toBe('503 state-unavailable');
    expect(await get('/acme/llm/_tw/me', key)).toBe('503 state-unavailable');
    expect(await get('/acme/llm/nothing', key)).toBe('404 unknown-route');
    expect(await get('/acme/llm/weather', null)).toBe('401 invalid-key');

    await stage.publish({ apiId: 'api_archived', apiSlug: 'archived', routes: [] });
    await expect.poll(() => get('/acme/archived/weather', key)).toBe('404 unknown-route');
    await stays('/acme/left/weather', key, '503 state-unavailable');

    // What was restored is older than what the gateway had.
    const routes = published.routes.filter(({ pathTemplate }) => pathTemplate === '/weather');
    await stage.state.directory.putSnapshot('api_acme', 1, toJson({ ...published, version: 1, routes }));
    await reopen('cus_lost', key);
    await expect.poll(() => get('/acme/llm/weather', key)).toBe('200');
    expect(await get('/acme/llm/quotes/ACME', key)).toBe('404 unknown-route');
    expect(await get('/acme/left/weather', key)).toBe('404 unknown-route');
    const onDisk = (apiId: string) => existsSync(join(stage.folder, 'snapshot-one', `${apiId}.json`));
    expect(['api_acme', 'api_archived', 'api_left'].map(onDisk)).toEqual([true, true, false]);
    expect(stage.upstream.log.stats(null).calls).toBe(before + 1);
  });
});

/** What the worker does once the gateway has rejoined. */
async function reopen(customerId: string, key: string): Promise<void> {
  const { epochs } = stage.state;
  const lost = await epochs.current();
  const { epoch } = lost.kind === 'closed' ? lost : await epochs.raise(lost.epoch, 'emptied');
  await expect.poll(async () => (await epochs.reports(epoch)).length).toBe(1);
  await stage.subscribe(customerId, { key });
  await epochs.restoreTag(epoch, `c:${customerId}`, [], []);
  expect((await epochs.open(epoch)).kind).toBe('open');
}
