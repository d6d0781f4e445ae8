import { type IncomingMessage, request } from 'node:http';
import { formatUsd, nanoUsd } from '@tollwright/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

let stage: Stage;
let gateway: GatewayProcess;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish();
  gateway = await stage.startGateway('one');
});
afterAll(() => stage?.close());

/** `fetch` does not show trailers. */
async function streamed(key: string): Promise<IncomingMessage> {
  const url = `${gateway.url}/acme/llm/v1/chat/completions`;
  const headers = { ...bearer(key), 'content-type': 'application/json' };
  const body = { model: 'toll-small', stream: true, max_tokens: 5, messages: [{ role: 'user', content: 'hello' }] };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method: 'POST', headers }, resolve).on('error', reject).end(JSON.stringify(body));
  });
  for await (const _ of response);
  const isThere = async () => (await stage.events()).some(({ customerId }) => customerId === 'cus_trailer');
  await expect.poll(isThere).toBe(true);
  return response;
}

const counters = async (customerId: string) =>
  Object.fromEntries(
    (await stage.state.counters.read(`c:${customerId}`)).map(({ node, spent, held }) => [node, [spent, held]]),
  );
const eventOf = async (response: Response) => {
  const requestId = response.headers.get('x-request-id');
  const find = async () => (await stage.events()).filter((event) => event.requestId === requestId);
  await expect.poll(find).toHaveLength(1);
  return (await find())[0];
};

describe('a call with a key', () => {
  it('is forwarded as priced, with our request id and the upstream credential, without the key, and metered', async () => {
    const key = await stage.subscribe('cus_plain');
    const response = await chat(gateway, key, { max_tokens: 5 }, { 'x-forwarded-for': '10.0.0.1', cookie: 'a=b' });
    expect(response.status).toBe(200);
    const { usage } = (await response.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
    const [call] = stage.upstream.log.calls(response.headers.get('x-request-id'));
    expect(call).toMatchObject({ status: 200, target: '/v1/chat/completions' });
    expect(JSON.stringify(call?.headers)).not.toContain(key);
    expect(call?.headers).not.toHaveProperty('cookie');
    expect(call?.headers).not.toHaveProperty('x-forwarded-for');
    expect(call?.headers['accept-encoding']).toBe('identity');
    const nanoUsd = BigInt(usage.prompt_tokens * 1_000 + usage.completion_tokens * 2_000);
    expect(Number(response.headers.get('tollwright-cost-usd'))).toBe(Number(nanoUsd) / 1e9);
    expect(response.headers.get('ratelimit-policy')).toBe('"rate";q=10000000;w=60');
    expect(response.headers.get('ratelimit')).toMatch(/^"rate";r=9999999;t=\d+$/);
    expect(await eventOf(response)).toMatchObject({
      customerId: 'cus_plain',
      routeId: 'rte_createChatCompletion',
      status: 200,
      upstreamStatus: 200,
      estimated: false,
      rail: 'plan',
      ratedNanoUsd: nanoUsd,
      chargedNanoUsd: nanoUsd,
      shortfallNanoUsd: 0n,
      data: { model: 'toll-small', output_tokens: 5, route: 'createChatCompletion', status: 200 },
    });
    // The event and the settlement travel apart.
    await expect
      .poll(() => counters('cus_plain'))
      .toEqual({
        'budget:key_cus_plain': [nanoUsd, 0n],
        'budget:own_cus_plain': [nanoUsd, 0n],
        'quota:cus_plain:tokens': [BigInt(usage.prompt_tokens + 5), 0n],
      });
  });

  it('is known by X-API-Key too', async () => {
    const key = await stage.subscribe('cus_header');
    const response = await fetch(`${gateway.url}/acme/llm/weather?city=Porto`, { headers: { 'x-api-key': key } });
    expect(response.status).toBe(200);
    expect(response.headers.get('tollwright-cost-usd')).toBe('0.00');
  });

  it('gets the plan output cap injected when it names none', async () => {
    const key = await stage.subscribe('cus_capless');
    const response = await chat(gateway, key, { upstream: { completionTokens: 5_000 } });
    expect(((await response.json()) as { usage: object }).usage).toMatchObject({ completion_tokens: 1_000 });
  });

  it('is charged at most what it held; the rest is shortfall', async () => {
    const key = await stage.subscribe('cus_over');
    const response = await chat(gateway, key, { max_tokens: 2, upstream: { reportedCompletionTokens: 600 } });
    const event = await eventOf(response);
    expect(event?.ratedNanoUsd).toBe((event?.chargedNanoUsd ?? 0n) + (event?.shortfallNanoUsd ?? 0n));
    expect(event?.shortfallNanoUsd).toBeGreaterThan(0n);
    const spentAndHeld = async () => (await counters('cus_over'))['budget:key_cus_over'];
    await expect.poll(spentAndHeld).toEqual([event?.chargedNanoUsd, 0n]);
  });

  it('is estimated where the answer has no usage', async () => {
    const key = await stage.subscribe('cus_estimate');
    const event = await eventOf(await chat(gateway, key, { max_tokens: 9, upstream: { omitUsage: 1 } }));
    expect(event).toMatchObject({ estimated: true, data: { output_tokens: 9 } });
  });

  it.each([500, 503, 404])('is recorded and not charged when the upstream answers %i', async (status) => {
    const customer = `cus_status_${status}`;
    const key = await stage.subscribe(customer);
    const response = await chat(gateway, key, {}, { 'x-upstream-status': String(status) });
    expect(response.status).toBe(status);
    expect(response.headers.get('tollwright-cost-usd')).toBe('0.00');
    expect(await eventOf(response)).toMatchObject({ status, upstreamStatus: status, chargedNanoUsd: 0n, charges: [] });
    await expect.poll(async () => (await counters(customer))[`budget:key_${customer}`] ?? [0n, 0n]).toEqual([0n, 0n]);
  });

  it('streams: a chunk passes within 50 ms of its sending, and usage at the end is metered', async () => {
    const key = await stage.subscribe('cus_stream');
    const body = { stream: true, stream_options: { include_usage: true } };
    const paced = { chunks: 40, chunkIntervalMs: 50, completionTokens: 40 };
    const response = await chat(gateway, key, { ...body, upstream: paced });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const delays: number[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      for (const sent of decoder.decode(chunk).matchAll(/"sent_at_ms":(\d+)/g))
        delays.push(Date.now() - Number(sent[1]));
    }
    expect(delays.length).toBeGreaterThanOrEqual(40);
    // A gateway that buffers delays every chunk; a machine that is busy for a moment delays some.
    expect(delays.sort((a, b) => a - b)[delays.length >> 2]).toBeLessThan(50);
    expect(await eventOf(response)).toMatchObject({ estimated: false, data: { output_tokens: 40 }, status: 200 });
  });

  it('streams: the cost follows as a trailer', async () => {
    const key = await stage.subscribe('cus_trailer');
    const { headers, trailers } = await streamed(key);
    expect([headers['tollwright-cost-usd'], headers.trailer]).toEqual([undefined, 'tollwright-cost-usd']);
    const [event] = (await stage.events()).filter((one) => one.requestId === headers['x-request-id']);
    expect(event?.chargedNanoUsd).toBeGreaterThan(0n);
    expect(trailers['tollwright-cost-usd']).toBe(formatUsd(nanoUsd(event?.chargedNanoUsd ?? 0n)));
  });

  it('streams without usage: what was delivered is estimated and charged', async () => {
    const key = await stage.subscribe('cus_stream_bare');
    const response = await chat(gateway, key, { stream: true, upstream: { omitUsage: 1, chunkIntervalMs: 5 } });
    await response.text();
    const event = await eventOf(response);
    expect(event?.estimated).toBe(true);
    expect(event?.data.output_tokens).toBeGreaterThan(10);
    expect(event?.chargedNanoUsd).toBeGreaterThan(0n);
  });

  it('is cut upstream when the caller hangs up, and charged what was delivered', async () => {
    const key = await stage.subscribe('cus_hangup');
    const abort = new AbortController();
    const headers = { 'x-upstream-chunks': '50', 'x-upstream-completion-tokens': '50' };
    const response = await chat(gateway, key, { stream: true }, headers, abort.signal);
    await response.body?.getReader().read();
    abort.abort();
    const event = await eventOf(response);
    expect(event).toMatchObject({ estimated: true, decision: 'forwarded' });
    expect(event?.data.output_tokens).toBeLessThan(20);
    const [call] = stage.upstream.log.calls(response.headers.get('x-request-id'));
    await expect.poll(() => call?.outcome).toBe('aborted');
  });
});

describe('what is refused before anything is forwarded', () => {
  const get = (path: string, init: RequestInit = {}) => fetch(`${gateway.url}${path}`, init);

  it('401, one body for all: unknown, malformed, revoked, expired, foreign and other-mode keys', async () => {
    const revoked = await stage.subscribe('cus_revoked', { record: { status: 'revoked' } });
    const expired = await stage.subscribe('cus_expired', { record: { expiresAtMs: 1 } });
    const test = await stage.subscribe('cus_test', { record: { livemode: false } });
    const unknown = 'tw_live_00000000000000000000000000000000000000';
    const bodies = new Set<string>();
    for (const key of [unknown, 'nonsense', revoked, expired, test]) {
      const response = await chat(gateway, key);
      expect(response.status).toBe(401);
      const { requestId, ...document } = await problemOf(response);
      expect(requestId).toBe(response.headers.get('x-request-id'));
      bodies.add(JSON.stringify(document));
    }
    expect(bodies.size).toBe(1);
    expect((await chat(gateway, null)).status).toBe(401);
  });

  it('404 and 405 by the route table, HEAD like GET, OPTIONS not at all', async () => {
    const key = await stage.subscribe('cus_routes');
    const headers = bearer(key);
    expect((await get('/acme/llm/nothing', { headers })).status).toBe(404);
    expect((await get('/acme/other/weather', { headers })).status).toBe(404);
    expect((await get('/acme/llm/weather/', { headers })).status).toBe(404);
    const post = await get('/acme/llm/weather', { method: 'POST', headers });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await get('/acme/llm/weather', { method: 'OPTIONS', headers })).status).toBe(405);
    expect((await get('/acme/llm/weather', { method: 'HEAD' })).status).toBe(401);
    expect((await get('/acme/llm/quotes/ACME', { headers })).status).toBe(200);
  });

  it('400 for spellings with two readings', async () => {
    for (const path of ['/acme/llm//weather', '/acme/llm/%77eather', '/acme/llm/a%2fb']) {
      const response = await get(path);
      expect([path, response.status, (await problemOf(response)).slug]).toEqual([path, 400, 'invalid-target']);
    }
  });

  it('422 for a model without a price, 400 for a duplicate member, 413 and 415 for a body that cannot be read', async () => {
    const key = await stage.subscribe('cus_bodies');
    const send = (body: string, type = 'application/json') =>
      get('/acme/llm/v1/chat/completions', {
        method: 'POST',
        headers: { ...bearer(key), 'content-type': type },
        body,
      });
    const before = stage.upstream.log.stats(null).calls;
    expect((await problemOf(await send('{"model":"toll-huge","messages":[]}'))).slug).toBe('unbounded-call');
    expect((await send('{"model":"toll-small","model":"toll-huge","messages":[]}')).status).toBe(400);
    expect((await send('not json')).status).toBe(400);
    const priced = '{"model":"toll-small","max_tokens":1,"messages":[]}';
    for (const type of ['application/x-www-form-urlencoded', 'application/json; charset=utf-16']) {
      expect((await problemOf(await send(priced, type))).slug).toBe('unsupported-media-type');
    }
    expect((await send(JSON.stringify({ model: 'toll-small', x: 'x'.repeat(1_100_000) }))).status).toBe(413);
    expect(stage.upstream.log.stats(null).calls).toBe(before);
  });
});
