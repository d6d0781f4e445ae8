import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProxy, type RedisServer, startRedis, startRedisCluster } from '@tollwright/testing';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { createBatcher } from '../batcher.ts';
import { ask, openCustomer, openSeat, registerSpool, reserveItem, settleItem, take } from '../contract/harness.ts';
import { type StatePort, StateUnavailable, StateUnsafe } from '../port.ts';
import { foundEpoch } from './redis-harness.ts';
import { createRedisState } from './redis-state.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function server(settings: Record<string, string> = {}): Promise<RedisServer> {
  const started = await startRedis({ settings });
  ends.push(() => started.stop());
  if (Object.keys(settings).length === 0) await foundEpoch(started.url);
  return started;
}

function stateAt(url: string): StatePort {
  const state = createRedisState({ url });
  ends.push(() => state.close());
  return state;
}

function clientAt(url: string): Redis {
  const client = new Redis(url);
  ends.push(async () => client.disconnect());
  return client;
}

describe('Redis: settings', () => {
  it.each([
    [{ appendonly: 'no' }, /appendonly yes/],
    [{ 'maxmemory-policy': 'allkeys-lru' }, /maxmemory-policy noeviction/],
    [{ 'cluster-enabled': 'yes' }, /name at least two of its nodes/],
  ])('%j is refused with how to mend it, and nothing is served', async (settings, mend) => {
    const state = stateAt((await server(settings as Record<string, string>)).url);
    await expect(state.verify()).rejects.toThrow(mend);
    await expect(state.verify()).rejects.toBeInstanceOf(StateUnsafe);
    await expect(openCustomer(state)).rejects.toBeInstanceOf(StateUnsafe);
    expect(await state.ping()).toBe(false);
  });

  it('is asked again once the connection is new: a server started with other settings is refused', async () => {
    const first = await server();
    const state = stateAt(first.url);
    await openCustomer(state);
    await first.kill();
    await expect(openCustomer(state)).rejects.toBeInstanceOf(StateUnavailable);
    const second = await startRedis({ port: first.port, settings: { appendonly: 'no' } });
    ends.push(() => second.stop());
    await expect.poll(() => state.verify().catch((error: Error) => error.name)).toBe('StateUnsafe');
  });
});

describe('Redis: replies that are lost', () => {
  it('a batch whose answers are cut off is counted once, and its grant arrives', async () => {
    const redis = await server();
    const proxy = await openProxy(redis.port);
    ends.push(() => proxy.close());
    const [direct, state] = [stateAt(redis.url), stateAt(`redis://127.0.0.1:${proxy.port}`)];
    const tag = `c:${await openCustomer(direct)}`;
    const batcher = createBatcher({
      ...{ counters: state.counters, spoolId: await registerSpool(direct), reserveTimeoutMs: 20_000 },
    });
    await batcher.reserve(tag, reserveItem({ nodes: [ask(1n, 100n)] }));
    proxy.loseReplies();
    const waiting = batcher.reserve(tag, reserveItem({ nodes: [ask(40n, 100n)] }));
    await expect.poll(() => direct.counters.read(tag)).toMatchObject([{ held: 41n }]);
    proxy.restore();
    expect(await waiting).toMatchObject({ kind: 'granted', nodes: [{ held: 41n }] });
    expect(await direct.counters.read(tag)).toMatchObject([{ held: 41n }]);
  });

  it('a store that is cut off is StateUnavailable, and answers again afterwards', async () => {
    const redis = await server();
    const proxy = await openProxy(redis.port);
    ends.push(() => proxy.close());
    const state = stateAt(`redis://127.0.0.1:${proxy.port}`);
    const customerId = await openCustomer(state);
    proxy.cut();
    await expect(state.counters.read(`c:${customerId}`)).rejects.toBeInstanceOf(StateUnavailable);
    proxy.restore();
    await expect.poll(() => state.ping()).toBe(true);
    expect(await state.counters.read(`c:${customerId}`)).toEqual([]);
  });
});

describe('Redis: a store that is not the one it was', () => {
  async function spendThenRollBack(prepare: (dataDir: string, copy: string) => void): Promise<void> {
    const dataDir = mkdtempSync(join(tmpdir(), 'tollwright-redis-'));
    const copy = mkdtempSync(join(tmpdir(), 'tollwright-redis-'));
    ends.push(async () => [dataDir, copy].map((folder) => rmSync(folder, { recursive: true, force: true })));
    const first = await startRedis({ dataDir });
    ends.push(() => first.stop());
    await foundEpoch(first.url);
    const state = stateAt(first.url);
    const seat = await openSeat(state);
    await seat.send(reserveItem({ nodes: [ask(10n, 50n)] }));
    cpSync(dataDir, copy, { recursive: true });
    await seat.send(reserveItem({ nodes: [ask(40n, 50n)] }));
    const newcomer = await registerSpool(state);
    await first.kill();
    prepare(dataDir, copy);
    const second = await startRedis({ dataDir, port: first.port });
    ends.push(() => second.stop());
    const again = stateAt(second.url);
    await expect.poll(() => again.ping()).toBe(true);
    const item = reserveItem({ nodes: [ask(40n, 50n)] });
    const place = { tag: seat.tag, epoch: 1, spoolId: newcomer, incarnation: 1, number: 1 };
    expect((await again.counters.batch(seat.next(), [item])).kind).toBe('rebuild');
    expect((await again.counters.batch(place, [item])).kind).toBe('rebuild');
  }

  it('rolled back to an older copy: whoever asks is told to rebuild, also who never asked before', () =>
    spendThenRollBack((dataDir, copy) => {
      rmSync(dataDir, { recursive: true });
      cpSync(copy, dataDir, { recursive: true });
    }));

  it('started again on its own data: the same, since nobody knows what the last second held', () =>
    spendThenRollBack(() => undefined));

  it('emptied while it runs: the same', async () => {
    const redis = await server();
    const state = stateAt(redis.url);
    const seat = await openSeat(state);
    await seat.send(reserveItem());
    await clientAt(redis.url).flushall();
    expect((await state.counters.batch(seat.next(), [reserveItem()])).kind).toBe('rebuild');
  });

  it('a Cluster that lost one shard: its tags ask for a rebuild, the others go on', async () => {
    const cluster = await startRedisCluster();
    ends.push(() => cluster.stop());
    await foundEpoch(cluster.url);
    const state = stateAt(cluster.url);
    const seats = await Promise.all(Array.from({ length: 30 }, () => openSeat(state)));
    for (const seat of seats) await seat.send(reserveItem({ nodes: [ask(1n, 2n)] }));
    await clientAt(cluster.nodes[0]?.url ?? '').flushall();
    const kinds = await Promise.all(
      seats.map(async (seat) => (await state.counters.batch(seat.next(), [reserveItem()])).kind),
    );
    expect(new Set(kinds)).toEqual(new Set(['done', 'rebuild']));
  });
});

describe('Redis: a shard lost without the others', () => {
  it('an inbox that is no longer listed is found again once its spool has rejoined', async () => {
    const redis = await server();
    const state = stateAt(redis.url);
    const spoolId = await registerSpool(state);
    await state.inbox.appendJson(spoolId, 1, 1, Buffer.from('[{}]'));
    await clientAt(redis.url).del('tw:{spools}:inbox');
    expect(await state.inbox.pending()).not.toContain(spoolId);
    const { epoch } = await state.epochs.raise((await state.epochs.current()).epoch, 'a shard is lost');
    await state.epochs.rejoin({ epoch, spoolId, sequence: 1, holds: [], claims: [] });
    expect(await state.inbox.pending()).toContain(spoolId);
  });
});

describe('Redis: what is kept, and for how long', () => {
  it('integers of sixteen digits are text without an exponent', async () => {
    const redis = await server();
    const state = stateAt(redis.url);
    const seat = await openSeat(state);
    const most = 9_000_000_000_000_000n;
    const item = reserveItem({ nodes: [ask(most - 1n, most, 'n', 'total')] });
    await seat.send(item, reserveItem({ nodes: [ask(1n, most, 'n', 'total')] }));
    await seat.send(settleItem(item.callId, { n: 100_000_000_000_001n }));
    const stored = await clientAt(redis.url).hget(`tw:{${seat.tag}}:n:total`, 'n');
    expect(stored).toBe('100000000000001 1 9000000000000000');
  });

  it('a window goes an hour after its end, a counter 40 days after its period; a total stays', async () => {
    const redis = await server();
    const state = stateAt(redis.url);
    const seat = await openSeat(state);
    const nodes = [ask(1n, 9n, 'm', 'minute'), ask(1n, 9n, 'd', 'day'), ask(1n, 9n, 't', 'total')];
    await seat.send(reserveItem({ nodes, windows: [take(5)] }));
    const client = clientAt(redis.url);
    const left = async (pattern: string) => {
      const [key = ''] = await client.keys(`tw:{${seat.tag}}:${pattern}`);
      return (await client.pttl(key)) / 3_600_000;
    };
    expect(await left('w:*')).toBeGreaterThan(0.99);
    expect(await left('w:*')).toBeLessThan(1.02);
    expect(await left('n:*T??:??')).toBeGreaterThan(40 * 24 - 0.01);
    expect(await left('n:????-??-??')).toBeLessThan(41 * 24 + 0.01);
    expect(await client.pttl(`tw:{${seat.tag}}:n:total`)).toBe(-1);
  });

  it('purge: forgets the seat of a spool closed an hour ago, which stays closed', async () => {
    const redis = await server();
    const state = stateAt(redis.url);
    const seat = await openSeat(state);
    const item = reserveItem();
    await seat.send(item);
    await seat.send(settleItem(item.callId));
    await state.spools.close(seat.spoolId);
    const client = clientAt(redis.url);
    const seats = `tw:{${seat.tag}}:seats`;
    await state.purge();
    expect(await client.hexists(seats, seat.spoolId)).toBe(1);
    await client.hset(`tw:{s:${seat.spoolId}}`, 'closed', Date.now() - 7_200_000);
    await state.purge();
    expect(await client.hexists(seats, seat.spoolId)).toBe(0);
    expect(await state.counters.batch(seat.next(), [reserveItem()])).toEqual({ kind: 'superseded' });
  });
});
