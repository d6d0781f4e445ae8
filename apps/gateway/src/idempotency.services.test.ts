import { createRedisState } from '@tollwright/state';
import { type RedisServer, startRedis } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

const weather = (gateway: GatewayProcess, key: string, idempotencyKey: string, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/acme/llm/weather`, {
    headers: { ...bearer(key), 'idempotency-key': idempotencyKey, ...headers },
  });

describe.each(['PostgreSQL', 'Redis'] as const)('an idempotency key, over two gateways on %s', (store) => {
  let redis: RedisServer | null = null;
  let stage: Stage;
  let one: GatewayProcess;
  let two: GatewayProcess;

  beforeAll(async () => {
    if (store === 'Redis') {
      redis = await startRedis();
      const state = createRedisState({ url: redis.url });
      await state.epochs.raise(0, 'founded');
      await state.epochs.open(1);
      await state.close();
    }
    stage = await openStage(redis === null ? {} : { redisUrl: redis.url });
    await stage.publish();
    [one, two] = await Promise.all([stage.startGateway('one'), stage.startGateway('two')]);
  });
  afterAll(async () => {
    await stage?.close();
    await redis?.stop();
  });

  const eventsOf = async (customerId: string) =>
    (await stage.events()).filter((event) => event.customerId === customerId);
  const spentBy = async (customerId: string) =>
    (await stage.state.counters.read(`c:${customerId}`)).find(({ node }) => node === `budget:key_${customerId}`)?.spent;
  const upstreamCalls = () => stage.upstream.log.stats(null).calls;

  it('gives the first answer again, whole, for nothing: one upstream call, one charge, one event', async () => {
    const key = await stage.subscribe('cus_again');
    const before = upstreamCalls();
    const first = await chat(one, key, { max_tokens: 5 }, { 'idempotency-key': 'a' });
    const body = await first.text();
    expect([first.status, first.headers.get('tollwright-replayed')]).toEqual([200, null]);
    for (const gateway of [two, one]) {
      const again = await chat(gateway, key, { max_tokens: 5 }, { 'idempotency-key': 'a' });
      expect(again.status).toBe(200);
      expect(await again.text()).toBe(body);
      expect(again.headers.get('tollwright-replayed')).toBe(first.headers.get('x-request-id'));
      expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
      expect(again.headers.get('tollwright-cost-usd')).toBe('0.00');
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    }
    expect(upstreamCalls() - before).toBe(1);
    await expect.poll(async () => (await eventsOf('cus_again')).length).toBe(1);
    const [event] = await eventsOf('cus_again');
    await expect.poll(() => spentBy('cus_again')).toBe(event?.chargedNanoUsd);
  });

  it('twenty at once at both gateways: one runs, the others wait or get its answer', async () => {
    const key = await stage.subscribe('cus_race', { planVersionId: 'plv_flat' });
    const before = upstreamCalls();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        weather(index % 2 ? one : two, key, 'race', { 'x-upstream-delay-ms': '2000' }),
      ),
    );
    const ran = replies.filter((reply) => reply.status === 200 && !reply.headers.has('tollwright-replayed'));
    expect(ran).toHaveLength(1);
    const others = replies.filter((reply) => reply !== ran[0] && !reply.headers.has('tollwright-replayed'));
    expect(others.length).toBeGreaterThan(0);
    for (const reply of others) {
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([409, '1']);
      const problem = await problemOf(reply);
      expect([problem.slug, problem.firstRequestId]).toEqual(['call-in-progress', ran[0]?.headers.get('x-request-id')]);
    }
    expect(upstreamCalls() - before).toBe(1);
    await expect.poll(() => spentBy('cus_race')).toBe(10_000_000n);
  });

  it('belongs to one request and to one key', async () => {
    const [key, other] = [await stage.subscribe('cus_mine'), await stage.subscribe('cus_theirs')];
    const first = await chat(one, key, { max_tokens: 5 }, { 'idempotency-key': 'same' });
    expect(first.status).toBe(200);
    const changed = await chat(two, key, { max_tokens: 6 }, { 'idempotency-key': 'same' });
    expect([changed.status, (await problemOf(changed)).slug]).toEqual([409, 'idempotency-mismatch']);
    const theirs = await chat(two, other, { max_tokens: 5 }, { 'idempotency-key': 'same' });
    expect([theirs.status, theirs.headers.get('tollwright-replayed')]).toEqual([200, null]);
    expect((await weather(one, key, 'x'.repeat(256))).status).toBe(400);
  });

  it('says of a stream that it ran and what it cost, and does not run it again', async () => {
    const key = await stage.subscribe('cus_stream');
    const body = { stream: true, max_tokens: 5, upstream: { chunkIntervalMs: 1 } };
    const first = await chat(one, key, body, { 'idempotency-key': 's' });
    expect(await first.text()).toMatch(/\[DONE\]/);
    const before = upstreamCalls();
    const again = await chat(two, key, body, { 'idempotency-key': 's' });
    expect(again.status).toBe(409);
    const problem = await problemOf(again);
    const [event] = await (async () => {
      await expect.poll(async () => (await eventsOf('cus_stream')).length).toBe(1);
      return eventsOf('cus_stream');
    })();
    expect(problem).toMatchObject({
      slug: 'answer-not-stored',
      reason: 'streamed',
      firstRequestId: first.headers.get('x-request-id'),
      chargedNanoUsd: String(event?.chargedNanoUsd),
    });
    expect(upstreamCalls()).toBe(before);
  });

  it('is free again after a refusal and after a failure that cost nothing', async () => {
    const key = await stage.subscribe('cus_free', { planVersionId: 'plv_flat', budgetNanoUsd: 5_000_000n });
    expect((await weather(one, key, 'poor')).status).toBe(429);
    await stage.subscribe('cus_free', { planVersionId: 'plv_flat', key, version: 2 });
    const failed = await weather(two, key, 'poor', { 'x-upstream-status': '503' });
    expect(failed.status).toBe(503);
    // Its end is held back until the store knows that the key is free; its head is not.
    await failed.text();
    const ran = await weather(one, key, 'poor');
    expect([ran.status, ran.headers.get('tollwright-replayed')]).toEqual([200, null]);
    await ran.text();
    expect((await weather(two, key, 'poor')).headers.get('tollwright-replayed')).toBe(ran.headers.get('x-request-id'));
  });

  it('a gateway that is killed while it runs the call: no second run, and whoever asks is told', {
    timeout: 60_000,
  }, async () => {
    const key = await stage.subscribe('cus_killed', { planVersionId: 'plv_flat' });
    const three = await stage.startGateway('three');
    const before = upstreamCalls();
    const cut = weather(three, key, 'k', { 'x-upstream-delay-ms': '20000' }).catch(() => null);
    await expect.poll(() => upstreamCalls() - before).toBe(1);
    expect((await weather(one, key, 'k')).status).toBe(409);
    three.child.kill('SIGKILL');
    await cut;
    const slug = async () => (await problemOf(await weather(two, key, 'k'))).slug;
    await expect.poll(slug, { timeout: 20_000, interval: 200 }).toBe('answer-not-stored');
    expect(await problemOf(await weather(one, key, 'k'))).toMatchObject({ reason: 'interrupted', chargedNanoUsd: '0' });
    expect(upstreamCalls() - before).toBe(1);
    const [event, ...more] = await eventsOf('cus_killed');
    expect([event?.decision, more]).toEqual(['interrupted', []]);
  });
});
