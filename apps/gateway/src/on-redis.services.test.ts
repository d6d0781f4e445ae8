import { type RedisServer, startRedis } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, foundStore, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

let redis: RedisServer;
let stage: Stage;
let one: GatewayProcess;
let two: GatewayProcess;

beforeAll(async () => {
  redis = await startRedis();
  await foundStore(redis.url);
  stage = await openStage({ redisUrl: redis.url });
  await stage.publish();
  [one, two] = await Promise.all([stage.startGateway('one'), stage.startGateway('two')]);
});
afterAll(async () => {
  await stage?.close();
  await redis?.stop();
});

describe('gateways on Redis', () => {
  it('share one budget exactly: 40 calls at two gateways, 25 of them fit', async () => {
    const key = await stage.subscribe('cus_race', { planVersionId: 'plv_flat', budgetNanoUsd: 250_000_000n });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => (await chat(index % 2 ? one : two, key)).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(25);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    await expect
      .poll(() => stage.state.counters.read('c:cus_race'))
      .toMatchObject([
        { node: 'budget:key_cus_race', spent: 250_000_000n, held: 0n },
        { node: 'budget:own_cus_race', spent: 250_000_000n, held: 0n },
      ]);
    const events = async () =>
      (await stage.events()).filter((event) => event.customerId === 'cus_race' && event.status === 200);
    await expect.poll(async () => (await events()).length).toBe(25);
  });

  it('a key that is revoked is refused at once by both', async () => {
    const key = await stage.subscribe('cus_revoked');
    expect([(await chat(one, key)).status, (await chat(two, key)).status]).toEqual([200, 200]);
    await stage.subscribe('cus_revoked', { key, version: 2, record: { status: 'revoked' } });
    expect([(await chat(one, key)).status, (await chat(two, key)).status]).toEqual([401, 401]);
  });

  it('a killed gateway is taken over by what starts on its spool, and its call is accounted for', async () => {
    const key = await stage.subscribe('cus_kill', { planVersionId: 'plv_flat' });
    expect((await chat(one, key)).status).toBe(200);
    one.child.kill('SIGKILL');
    const spent = async () => (await stage.state.counters.read('c:cus_kill'))[0]?.spent;
    await expect.poll(spent).toBe(10_000_000n);
    one = await stage.startGateway('one');
    const holds = async () => (await stage.state.counters.holds({ tag: 'c:cus_kill' })).length;
    await expect.poll(holds).toBe(0);
    expect((await chat(one, key)).status).toBe(200);
  });

  it('does not start on a Redis that may forget, and says how to mend it', async () => {
    const forgetful = await startRedis({ settings: { appendonly: 'no' } });
    const other = await openStage({ redisUrl: forgetful.url });
    try {
      await expect(other.startGateway('three')).rejects.toThrow(/appendonly yes/);
    } finally {
      await other.close();
      await forgetful.stop();
    }
  });

  it('refuses calls with 503 while Redis is away', async () => {
    const key = await stage.subscribe('cus_away');
    expect((await chat(two, key)).status).toBe(200);
    await redis.kill();
    const refused = await chat(two, key);
    expect([refused.status, (await problemOf(refused)).slug]).toEqual([503, 'state-unavailable']);
  });
});
