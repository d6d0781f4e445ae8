import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

let stage: Stage;
let first: GatewayProcess;
let second: GatewayProcess;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
  [first, second] = await Promise.all([stage.startGateway('one'), stage.startGateway('two')]);
});
afterAll(() => stage?.close());

const CHAT = '/acme/llm/v1/chat/completions';
const chat = (gateway: GatewayProcess, key: string | null, body: object = {}, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}${CHAT}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    body: JSON.stringify({ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], ...body }),
  });
const counters = (customerId: string) => stage.state.counters.read(`c:${customerId}`);

describe('a call with a key', () => {
  it('is forwarded with the upstream credential and our request id, and without the key', async () => {
    const key = await stage.subscribe('cus_plain');
    const response = await chat(first, key, { max_tokens: 5 }, { 'x-forwarded-for': '10.0.0.1', cookie: 'a=b' });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
    const requestId = response.headers.get('x-request-id') ?? '';
    const [call] = stage.upstream.log.calls(requestId);
    expect(call).toMatchObject({ status: 200, target: '/v1/chat/completions' });
    expect(JSON.stringify(call?.headers)).not.toContain(key);
    expect(call?.headers).not.toHaveProperty('cookie');
    expect(call?.headers).not.toHaveProperty('x-forwarded-for');
    expect(call?.headers['accept-encoding']).toBe('identity');
    const nanoUsd = answer.usage.prompt_tokens * 1_000 + answer.usage.completion_tokens * 2_000;
    expect(Number(response.headers.get('tollwright-cost-usd'))).toBeCloseTo(nanoUsd / 1e9, 12);
    expect(response.headers.get('ratelimit-policy')).toBe('"rate";q=10000000;w=60');
    expect(response.headers.get('ratelimit')).toMatch(/^"rate";r=9999999;t=\d+$/);
    await expect
      .poll(async () => (await stage.events()).filter((event) => event.requestId === requestId))
      .toHaveLength(1);
    const event = (await stage.events()).find((candidate) => candidate.requestId === requestId);
    expect(event).toMatchObject({
      customerId: 'cus_plain',
      routeId: 'rte_createChatCompletion',
      status: 200,
      upstreamStatus: 200,
      estimated: false,
      rail: 'plan',
      ratedNanoUsd: BigInt(nanoUsd),
      chargedNanoUsd: BigInt(nanoUsd),
      shortfallNanoUsd: 0n,
      data: { model: 'toll-small', output_tokens: 5, route: 'createChatCompletion', status: 200 },
    });
    const nodes = await counters('cus_plain');
    expect(nodes.map(({ node, spent, held }) => [node, spent, held]).sort()).toEqual(
      [
        ['budget:key_cus_plain', BigInt(nanoUsd), 0n],
        ['budget:own_cus_plain', BigInt(nanoUsd), 0n],
        ['quota:cus_plain:tokens', BigInt(answer.usage.prompt_tokens + 5), 0n],
      ].sort(),
    );
  });
});
