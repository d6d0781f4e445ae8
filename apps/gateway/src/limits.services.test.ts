import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';
import { untilRoom, untilServed } from './until-harness.ts';

let stage: Stage;
let gateways: [GatewayProcess, GatewayProcess];

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
  gateways = await Promise.all([stage.startGateway('one'), stage.startGateway('two')]);
});
afterAll(() => stage?.close());

const CENT = 10_000_000n;
const node = async (customerId: string, name: string) =>
  (await stage.state.counters.read(`c:${customerId}`)).find((counter) => counter.node === name);
const quote = (gateway: GatewayProcess, key: string) =>
  fetch(`${gateway.url}/acme/llm/quotes/ACME`, { headers: bearer(key) });
const tally = (statuses: readonly number[]) => {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('over a limit', () => {
  it('the rate: 429 rate-limited over both gateways together, with RateLimit fields', async () => {
    await untilRoom(stage, 60);
    const key = await stage.subscribe('cus_rate', { planVersionId: 'plv_free' });
    const statuses: number[] = [];
    let last: Response | null = null;
    for (let call = 0; call < 12; call++) {
      const response = await fetch(`${gateways[call % 2]?.url}/acme/llm/weather`, { headers: bearer(key) });
      statuses.push(response.status);
      if (response.status === 429) last = response;
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
    if (last === null) throw new Error('no call was refused');
    expect(last.headers.get('ratelimit-policy')).toBe('"rate";q=10;w=60');
    expect(last.headers.get('ratelimit')).toMatch(/^"rate";r=0;t=\d+$/);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemOf(last)).toMatchObject({ slug: 'rate-limited', limit: '10', remaining: '0' });
  });

  it('the quota: 429 quota-exhausted, nothing forwarded, nothing held', async () => {
    const key = await stage.subscribe('cus_quota', { planVersionId: 'plv_free' });
    const body = { max_tokens: 1_000, upstream: { completionTokens: 1_000 } };
    for (let call = 0; call < 8; call++) expect((await chat(gateways[0], key, body)).status).toBe(200);
    const before = stage.upstream.log.stats(null).calls;
    for (let call = 0; call < 2; call++) {
      const response = await chat(gateways[call] ?? gateways[0], key, {
        ...body,
        messages: [{ role: 'user', content: 'x'.repeat(1_500) }],
      });
      expect(response.status).toBe(429);
      expect(await problemOf(response)).toMatchObject({ slug: 'quota-exhausted', exhausted: 'tokens', limit: '10000' });
      expect(response.headers.get('ratelimit-policy')).toBe('"tokens";q=10000;w=2678400');
    }
    expect(stage.upstream.log.stats(null).calls).toBe(before);
    expect((await node('cus_quota', 'quota:cus_quota:tokens'))?.held).toBe(0n);
  });

  it('the budget: an injected cap is clamped to what is left; then budget-exhausted', async () => {
    const key = await stage.subscribe('cus_clamp', { budgetNanoUsd: 500_000n });
    const first = await chat(gateways[0], key, { upstream: { completionTokens: 5_000 } });
    expect(first.status).toBe(200);
    const { usage } = (await first.json()) as { usage: { completion_tokens: number } };
    expect(usage.completion_tokens).toBeLessThan(250);
    expect(usage.completion_tokens).toBeGreaterThan(100);
    const own = await chat(gateways[0], key, { max_tokens: 500 });
    expect(await problemOf(own)).toMatchObject({ slug: 'budget-exhausted', unit: 'nano-usd', limit: '500000' });
    expect(Number(own.headers.get('retry-after'))).toBeGreaterThan(0);
    const spent = (await node('cus_clamp', 'budget:key_cus_clamp'))?.spent ?? 0n;
    expect(spent <= 500_000n).toBe(true);
  });
});

describe('two hundred calls against a budget for fifty, half to each gateway', () => {
  it('at a fixed price: exactly fifty', async () => {
    const key = await stage.subscribe('cus_race', { planVersionId: 'plv_flat', budgetNanoUsd: 50n * CENT });
    const before = stage.upstream.log.stats(null).calls;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => quote(gateways[index % 2] ?? gateways[0], key)),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 50, 429: 150 });
    for (const answer of answers) {
      if (answer.status === 429) expect((await problemOf(answer)).slug).toMatch(/^budget-(held|exhausted)$/);
    }
    expect(stage.upstream.log.stats(null).calls - before).toBe(50);
    await expect
      .poll(async () => node('cus_race', 'budget:key_cus_race'))
      .toMatchObject({ spent: 50n * CENT, held: 0n });
  });

  it('of fifty LLM holds while the upstream waits: exactly fifty, then what was freed can be spent', async () => {
    const body = { max_tokens: 100, messages: [{ role: 'user', content: 'hold' }] };
    const bytes = Buffer.byteLength(JSON.stringify({ model: 'toll-small', ...body }));
    const hold = BigInt(bytes * 1_000 + 100 * 2_000);
    const key = await stage.subscribe('cus_holds', { budgetNanoUsd: 50n * hold });
    const before = stage.upstream.log.stats(null).calls;
    stage.upstream.gate.close();
    let decided = 0;
    const calls = Array.from({ length: 200 }, async (_, index) => {
      const answer = await chat(gateways[index % 2] ?? gateways[0], key, body);
      if (answer.status === 429) decided++;
      return answer;
    });
    await expect.poll(() => decided + stage.upstream.gate.waiting).toBe(200);
    stage.upstream.gate.open();
    const answers = await Promise.all(calls);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 50, 429: 150 });
    const refused = answers.find(({ status }) => status === 429);
    expect((await problemOf(refused as Response)).slug).toBe('budget-held');
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(stage.upstream.log.stats(null).calls - before).toBe(50);
    await expect.poll(async () => (await node('cus_holds', 'budget:key_cus_holds'))?.held).toBe(0n);
    const spent = (await node('cus_holds', 'budget:key_cus_holds'))?.spent ?? 0n;
    expect(spent).toBeLessThan(50n * hold);
    expect((await chat(gateways[0], key, body)).status).toBe(200);
  });
});

describe('a change', () => {
  it('revoking a key is 401 for the very next call at every gateway', async () => {
    const key = await stage.subscribe('cus_revoke');
    for (const gateway of gateways) expect((await quote(gateway, key)).status).toBe(200);
    await stage.subscribe('cus_revoke', { key, version: 2, record: { status: 'revoked' } });
    const statuses = await Promise.all(gateways.map(async (gateway) => (await quote(gateway, key)).status));
    expect(statuses).toEqual([401, 401]);
  });

  it('a lowered budget holds for the next call, whatever a gateway remembers', async () => {
    const key = await stage.subscribe('cus_lower', { planVersionId: 'plv_flat' });
    expect((await quote(gateways[0], key)).status).toBe(200);
    await stage.subscribe('cus_lower', { planVersionId: 'plv_flat', key, version: 2, budgetNanoUsd: CENT });
    const statuses = await Promise.all(gateways.map(async (gateway) => (await quote(gateway, key)).status));
    expect(statuses).toEqual([429, 429]);
  });

  it('a new snapshot is served by every gateway within one second', async () => {
    const key = await stage.subscribe('cus_publish');
    // A machine that is busy for a moment delays one publication; a gateway that is slow delays most.
    const tookMs: number[] = [];
    for (let publication = 0; publication < 5; publication++) {
      const publishedAtMs = Date.now();
      await untilServed(gateways, (await stage.publish()).version);
      tookMs.push(Date.now() - publishedAtMs);
    }
    expect(tookMs.sort((a, b) => a - b)[2]).toBeLessThan(1_000);
    const routes = stage.sample.routes.filter(({ operationId }) => operationId !== 'getWeather');
    await untilServed(gateways, (await stage.publish({ routes })).version);
    for (const gateway of gateways) {
      expect((await fetch(`${gateway.url}/acme/llm/weather`, { headers: bearer(key) })).status).toBe(404);
    }
    await stage.publish();
  });
});
