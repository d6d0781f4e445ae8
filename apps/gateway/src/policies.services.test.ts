import type { ApiSnapshot, PolicyConfig } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';
import { untilRoom, untilServed, whole } from './until-harness.ts';

let stage: Stage;
let gateways: [GatewayProcess, GatewayProcess];
let plain: ApiSnapshot;

beforeAll(async () => {
  stage = await openStage();
  plain = await stage.publish();
  gateways = await Promise.all([stage.startGateway('one'), stage.startGateway('two')]);
});
afterAll(() => stage?.close());

const config = (type: string, options: PolicyConfig['options'], shadow = false): PolicyConfig => ({
  type,
  options,
  shadow,
});
const quote = (gateway: GatewayProcess, key: string | null, headers: Record<string, string> = {}) =>
  whole(fetch(`${gateway.url}/acme/llm/quotes/ACME`, { headers: { ...bearer(key), ...headers } }));
const onRoute = (operationId: string, change: Partial<ApiSnapshot['routes'][number]>) =>
  plain.routes.map((route) => (route.operationId === operationId ? { ...route, ...change } : route));
const onPlan = (planKey: string, policies: PolicyConfig[]) =>
  plain.plans.map((plan) => (plan.planKey === planKey ? { ...plan, terms: { ...plan.terms, policies } } : plan));
const nodesOf = async (customerId: string) => await stage.state.counters.read(`c:${customerId}`);
const tally = (statuses: readonly number[]) => {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/** Publishes policies and waits until they are in force at every gateway, with room in the hour and day that they count in. */
async function publish(change: Partial<ApiSnapshot>): Promise<void> {
  await untilServed(gateways, (await stage.publish(change)).version);
  await untilRoom(stage, 3_600);
}

describe('policies on the running gateway', () => {
  it('a named fixed window counts over both gateways, by key; the answer carries its fields', async () => {
    await publish({ policies: [config('rate-limit', { name: 'burst', limit: 6, windowSeconds: 3_600, by: 'key' })] });
    const key = await stage.subscribe('cus_window', { planVersionId: 'plv_flat' });
    const answers: Response[] = [];
    for (let call = 0; call < 9; call++) answers.push(await quote(gateways[call % 2 === 0 ? 0 : 1], key));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 6, 429: 3 });
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"rate-limit-burst";q=6;w=3600');
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"rate-limit-burst";r=5;t=\d+$/);
    const last = answers.at(-1) as Response;
    expect(last.headers.get('ratelimit-policy')).toBe('"burst";q=6;w=3600');
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemOf(last)).toMatchObject({ slug: 'rate-limited', exhausted: 'burst', limit: '6' });
  });

  it('a shadowed limit counts what it would refuse, and refuses nothing', async () => {
    await publish({ policies: [config('rate-limit', { limit: 2, windowSeconds: 3_600 }, true)] });
    const key = await stage.subscribe('cus_shadow', { planVersionId: 'plv_flat' });
    const shadows: unknown[] = [];
    for (let call = 0; call < 4; call++) {
      const answer = await quote(gateways[call % 2 === 0 ? 0 : 1], key);
      shadows.push([answer.status, answer.headers.get('tollwright-shadow')]);
    }
    expect(shadows).toEqual([
      [200, null],
      [200, null],
      [200, '1'],
      [200, '1'],
    ]);
  });

  it('counters of tokens and dollars: many cheap calls stop at tokens, few dear ones at dollars', async () => {
    const counters = [
      { name: 'tokens', counts: 'total_tokens', limit: '2000', period: 'day' },
      { name: 'dollars', counts: 'usd', limit: '0.03', period: 'day' },
    ];
    await publish({ policies: [config('complex-rate-limit', { counters })] });
    const cheap = await stage.subscribe('cus_cheap', { planVersionId: 'plv_pro' });
    let problem: Record<string, unknown> = {};
    let served = 0;
    for (let call = 0; call < 60 && problem.slug === undefined; call++) {
      const answer = await chat(gateways[0], cheap, { max_tokens: 100, upstream: { completionTokens: 100 } });
      if (answer.status === 200) served++;
      else problem = await problemOf(answer);
    }
    expect(problem).toMatchObject({ slug: 'rate-limited', exhausted: 'tokens' });
    expect(served).toBeGreaterThan(10);
    const dear = await stage.subscribe('cus_dear', { planVersionId: 'plv_flat' });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call++) statuses.push((await quote(gateways[0], dear)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it('places of a key are counted over both gateways and are free again when calls end', async () => {
    await publish({ policies: [config('concurrency', { limit: 3 })] });
    const key = await stage.subscribe('cus_places', { planVersionId: 'plv_pro' });
    const { gate } = stage.upstream;
    gate.close();
    let refusals = 0;
    const calls = Array.from({ length: 8 }, async (_, call) => {
      const answer = await chat(gateways[call % 2 === 0 ? 0 : 1], key, {
        stream: true,
        upstream: { chunkIntervalMs: 20 },
      });
      if (answer.status === 429) refusals++;
      return answer;
    });
    await expect.poll(() => refusals + gate.waiting).toBe(8);
    gate.open();
    const answers = await Promise.all(calls);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 3, 429: 5 });
    const refused = answers.find(({ status }) => status === 429) as Response;
    expect(await problemOf(refused)).toMatchObject({ slug: 'too-many-running', limit: '3' });
    for (const answer of answers) if (answer.status === 200) await answer.text();
    // A place is given back with the next batch, which may be a moment after the answer has ended.
    const again = async () => (await chat(gateways[1], key, { upstream: { completionTokens: 1 } })).status;
    await expect.poll(again).toBe(200);
    const places = (await nodesOf('cus_places')).filter(({ node }) => node.startsWith('running:'));
    expect(places.filter(({ spent }) => spent > 0n)).toEqual([]);
  });

  it('a request that the operation does not describe is 422 with everything that is wrong, and never forwarded', async () => {
    const requestSchema = {
      parameters: [],
      body: {
        required: true,
        schema: {
          type: 'object',
          required: ['model', 'temperature'],
          properties: {
            model: { type: 'string' },
            temperature: { type: 'number' },
            messages: { type: 'array', minItems: 1 },
          },
        },
      },
      definitions: {},
    };
    await publish({
      routes: onRoute('createChatCompletion', { requestSchema, policies: [config('request-validation', {})] }),
    });
    const key = await stage.subscribe('cus_schema');
    const before = stage.upstream.log.stats(null).calls;
    const answer = await chat(gateways[0], key, { messages: [], model: 7 });
    expect(answer.status).toBe(422);
    const { errors } = await problemOf(answer);
    expect((errors as { path: string }[]).map(({ path }) => path).sort()).toEqual(['messages', 'model', 'temperature']);
    expect(stage.upstream.log.stats(null).calls).toBe(before);
    expect((await chat(gateways[0], key, { temperature: 0.5 })).status).toBe(200);
  });

  it('scopes, addresses, models and sizes are refused each with its own status', async () => {
    const routes = onRoute('getQuote', { policies: [config('scopes', { scopes: ['quotes:read'] })] });
    const guard = config('model-guard', { models: ['toll-large'] });
    await publish({ routes, plans: onPlan('pro', [guard]), policies: [config('request-size', { bytesMax: 300 })] });
    const without = await stage.subscribe('cus_no_scope');
    const granted = await stage.subscribe('cus_scope', {
      planVersionId: 'plv_flat',
      record: { scopes: ['quotes:read'] },
    });
    expect(await problemOf(await quote(gateways[0], without))).toMatchObject({ slug: 'missing-scope', status: 403 });
    expect((await quote(gateways[0], granted)).status).toBe(200);
    expect(await problemOf(await chat(gateways[0], without))).toMatchObject({ slug: 'model-not-allowed', status: 403 });
    const large = await chat(gateways[0], without, { messages: [{ role: 'user', content: 'x'.repeat(400) }] });
    expect(await problemOf(large)).toMatchObject({ slug: 'body-too-large', limit: 300 });
    await publish({ policies: [config('ip-filter', { deny: ['127.0.0.0/8'] })] });
    expect(await problemOf(await quote(gateways[0], granted))).toMatchObject({ slug: 'forbidden', status: 403 });
  });

  it('keys in another header are found, and do not go upstream; headers are set on the answer', async () => {
    const policies = [
      config('api-key', { headers: ['x-acme-key'], bearer: false }),
      config('headers', { setResponse: { 'x-served-for': '{plan}' }, stripResponse: ['content-language'] }),
    ];
    await publish({ policies });
    const key = await stage.subscribe('cus_header', { planVersionId: 'plv_flat' });
    expect((await quote(gateways[0], key)).status).toBe(401);
    const answer = await quote(gateways[0], null, { 'x-acme-key': key });
    expect([answer.status, answer.headers.get('x-served-for')]).toEqual([200, 'flat']);
  });

  it('a quota that is used up goes on at its overage price, and is counted', async () => {
    const quota = config('quota', {
      ...{ name: 'calls', meters: ['requests'], limit: '2', period: 'day' },
      ...{ onExhausted: 'overage', overageUsdPerUnit: '0.05' },
    });
    await publish({ plans: onPlan('flat', [quota]) });
    const key = await stage.subscribe('cus_overage', { planVersionId: 'plv_flat' });
    const costs: (string | null)[] = [];
    for (let call = 0; call < 4; call++) costs.push((await quote(gateways[0], key)).headers.get('tollwright-cost-usd'));
    expect(costs).toEqual(['0.01', '0.01', '0.06', '0.06']);
    const used = async () => (await nodesOf('cus_overage')).find(({ node }) => node.endsWith(':calls'));
    // Charged or still held, every call is counted; the last charge comes with the next batch, and then stays.
    const first = await used();
    expect((first?.spent ?? 0n) + (first?.held ?? 0n)).toBe(4n);
    await expect.poll(async () => [(await used())?.spent, (await used())?.held]).toEqual([4n, 0n]);
  });

  it('a hard quota is exact over both gateways', async () => {
    const quota = config('quota', { name: 'calls', meters: ['requests'], limit: '25', period: 'day' });
    await publish({ plans: onPlan('flat', [quota]) });
    const key = await stage.subscribe('cus_hard', { planVersionId: 'plv_flat' });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, call) => quote(gateways[call % 2 === 0 ? 0 : 1], key)),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 25, 429: 35 });
  });

  it('a soft budget goes on, and each threshold travels once, with the event of the call that reached it', async () => {
    await publish({});
    const soft = { node: 'budget:soft_1', limitNanoUsd: nanoUsd(40_000_000n), period: 'month' as const, soft: true };
    const key = await stage.subscribe('cus_soft', { planVersionId: 'plv_flat', record: { budgetNodes: [soft] } });
    const statuses: number[] = [];
    for (let call = 0; call < 6; call++) statuses.push((await quote(gateways[0], key)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    const told = () => [...gateways[0].log().matchAll(/"id":"budget:soft_1:[^"]*:(\d+)"/g)].map((match) => match[1]);
    await expect.poll(told).toEqual(['50', '80', '95', '100']);
    const shipped = async () => (await stage.events()).filter(({ customerId }) => customerId === 'cus_soft');
    await expect.poll(async () => (await shipped()).length).toBe(6);
    const notices = (await shipped()).map((event) => (event.notices ?? []).map(({ percent, used }) => [percent, used]));
    // A cent a call, of four: a half after two, everything after four.
    expect(notices).toEqual([
      [],
      [[50, '20000000']],
      [],
      [
        [80, '40000000'],
        [95, '40000000'],
        [100, '40000000'],
      ],
      [],
      [],
    ]);
  });
});
