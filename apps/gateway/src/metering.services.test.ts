import type { ApiSnapshot, ExtractorRule } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

let stage: Stage;
let gateway: GatewayProcess;
let snapshot: ApiSnapshot;

beforeAll(async () => {
  stage = await openStage();
  snapshot = await stage.publish();
  gateway = await stage.startGateway('one');
});
afterAll(() => stage?.close());

/** The four shapes of a model's API: how each is asked, and what ends its stream. */
const SHAPES = [
  {
    path: '/v1/chat/completions',
    cap: 'max_tokens',
    ask: { messages: [{ role: 'user', content: 'hi' }] },
    end: '[DONE]',
  },
  { path: '/v1/completions', cap: 'max_tokens', ask: { prompt: 'hi there' }, end: '[DONE]' },
  { path: '/v1/responses', cap: 'max_output_tokens', ask: { input: 'hi there' }, end: 'response.completed' },
  {
    ...{ path: '/v1/messages', cap: 'max_tokens', end: 'message_stop' },
    ask: { messages: [{ role: 'user', content: 'hi' }] },
  },
] as const;
type Shape = (typeof SHAPES)[number];

function call(
  shape: Shape,
  key: string,
  body: object,
  headers: Record<string, string> = {},
  signal: AbortSignal | null = null,
): Promise<Response> {
  return fetch(`${gateway.url}/acme/llm${shape.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(key), ...headers },
    body: JSON.stringify({ model: 'toll-small', ...shape.ask, [shape.cap]: 50, ...body }),
    signal,
  });
}

async function eventOf(response: Response) {
  const requestId = response.headers.get('x-request-id');
  const find = async () => (await stage.events()).filter((event) => event.requestId === requestId);
  await expect.poll(find).toHaveLength(1);
  const [event] = await find();
  if (event === undefined) throw new Error('there is no event');
  return event;
}

/** What the upstream itself counted for a call. */
function logged(response: Response) {
  const [entry, ...others] = stage.upstream.log.calls(response.headers.get('x-request-id'));
  if (entry === undefined || others.length > 0) throw new Error('the upstream did not see the call once');
  return { input_tokens: entry.inputTokens, output_tokens: entry.outputTokens };
}

let customers = 0;
const subscribe = () => stage.subscribe(`cus_metering_${++customers}`);

const fast = { 'x-upstream-chunk-interval-ms': '2' };

describe.each(SHAPES)('$path', (shape) => {
  it('as JSON: the event says what the upstream counted', async () => {
    const response = await call(shape, await subscribe(), {}, { 'x-upstream-cached-tokens': '2' });
    expect(response.status).toBe(200);
    const { length } = await response.text();
    const event = await eventOf(response);
    expect(event.data).toMatchObject(logged(response));
    expect(event).toMatchObject({ estimated: false, data: { bytes_in: event.bytesIn, bytes_out: length } });
    expect(event.data.duration_ms).toBe(Math.ceil(event.durationMs));
    const cached = shape.path === '/v1/messages' ? 'cache_read_input_tokens' : 'cached_input_tokens';
    expect(event.data[cached]).toBe(2);
  });

  it('as a stream: the event says what the upstream counted, and the caller gets no chunk that it did not ask for', async () => {
    const response = await call(shape, await subscribe(), { stream: true }, fast);
    const text = await response.text();
    expect(text).toContain(shape.end);
    if (shape.end === '[DONE]') {
      expect(text).not.toContain('"choices":[]');
      const [entry] = stage.upstream.log.calls(response.headers.get('x-request-id'));
      expect(entry?.status).toBe(200);
    }
    const event = await eventOf(response);
    expect(event).toMatchObject({ estimated: false, data: logged(response) });
    expect(event.data.bytes_out).toBe(text.length);
  });

  it.each([1, 2, 3])('left at chunk %i: charged what the upstream delivered until then', async (chunks) => {
    const abort = new AbortController();
    const paced = { ...fast, 'x-upstream-chunks': '8', 'x-upstream-stall-after-chunks': String(chunks) };
    const response = await call(shape, await subscribe(), { stream: true }, paced, abort.signal);
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    const piece = /"(?:content|text|delta)":"[^"]/g;
    for (let text = ''; (text.match(piece) ?? []).length < chunks; ) {
      const part = await reader?.read();
      text += decoder.decode(part?.value, { stream: true });
    }
    abort.abort();
    const event = await eventOf(response);
    const log = logged(response);
    expect(log.output_tokens).toBe(2 * chunks);
    expect(event).toMatchObject({ estimated: true, decision: 'forwarded', shortfallNanoUsd: 0n, data: log });
    expect(event.chargedNanoUsd).toBe(BigInt(log.input_tokens * 1_000 + log.output_tokens * 2_000));
  });

  it.each([false, true])('without usage (stream: %s): both sides are counted by a tokenizer', async (stream) => {
    const wishes = { ...fast, 'x-upstream-omit-usage': '1' };
    const response = await call(shape, await subscribe(), { stream }, wishes);
    await response.text();
    expect(await eventOf(response)).toMatchObject({ estimated: true, data: logged(response) });
  });

  it.each([false, true])('with usage of zero (stream: %s): zero it is', async (stream) => {
    const wishes = { ...fast, 'x-upstream-zero-usage': '1' };
    const response = await call(shape, await subscribe(), { stream }, wishes);
    await response.text();
    expect(await eventOf(response)).toMatchObject({
      ...{ estimated: false, chargedNanoUsd: 0n },
      data: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    });
  });

  it.each([false, true])(
    'reporting three times the hold (stream: %s): charged the hold, the rest is shortfall',
    async (stream) => {
      const wishes = { ...fast, 'x-upstream-triple-usage': '1' };
      const response = await call(shape, await subscribe(), { stream }, wishes);
      const text = await response.text();
      expect(text).not.toContain('event: error');
      const event = await eventOf(response);
      expect(event.data).toMatchObject(logged(response));
      expect(event.ratedNanoUsd).toBe(event.chargedNanoUsd + event.shortfallNanoUsd);
      expect(event.ratedNanoUsd).toBeGreaterThan(2n * event.chargedNanoUsd);
    },
  );

  it('ignoring its cap: the stream ends with an event that says why, and the hold is charged', async () => {
    const wishes = {
      ...{ 'x-upstream-ignore-cap': '1', 'x-upstream-completion-tokens': '4000' },
      ...{ 'x-upstream-chunks': '1000', 'x-upstream-chunk-interval-ms': '2' },
    };
    const response = await call(shape, await subscribe(), { stream: true, [shape.cap]: 20 }, wishes);
    const text = await response.text();
    const [, data = ''] = /event: error\ndata: (.*)\n\n$/.exec(text) ?? [];
    const problem = JSON.parse(data) as Record<string, unknown> & { error: Record<string, unknown> };
    const event = await eventOf(response);
    expect(problem).toMatchObject({
      type: 'http://portal.test/problems/budget-exhausted',
      requestId: response.headers.get('x-request-id'),
      chargedNanoUsd: event.chargedNanoUsd.toString(),
      error: { type: 'budget-exhausted', code: 'budget-exhausted', message: problem.detail },
    });
    expect(event).toMatchObject({ status: 200, estimated: true });
    expect(event.shortfallNanoUsd).toBeGreaterThan(0n);
    const [entry] = stage.upstream.log.calls(response.headers.get('x-request-id'));
    await expect.poll(() => entry?.outcome).toBe('aborted');
    expect(entry?.outputTokens).toBeLessThan(4_000);
    const key = `budget:key_${event.customerId}`;
    const counter = async () =>
      (await stage.state.counters.read(`c:${event.customerId}`)).find(({ node }) => node === key);
    await expect.poll(counter).toMatchObject({ held: 0n, spent: event.chargedNanoUsd });
  });
});

describe('a stream whose caller asks for usage', () => {
  it('gets the chunk that it asked for', async () => {
    const body = { stream: true, stream_options: { include_usage: true } };
    const response = await call(SHAPES[0], await subscribe(), body, fast);
    expect(await response.text()).toContain('"choices":[],"usage":{');
    await eventOf(response);
  });
});

/** A plan whose only price is a dollar the million of one field. */
function planOf(field: string) {
  const price = { kind: 'per-unit' as const, meter: field, usdPerUnit: '0.000001' };
  return {
    ...{ planVersionId: 'plv_pro', planKey: 'pro', version: 1 },
    terms: {
      ...{
        currency: 'usd' as const,
        billingPeriod: 'month' as const,
        rateLimit: null,
        quotas: [],
        outputTokensMax: 1_000,
      },
      rateCards: [{ key: field, name: field, price }],
      policies: [],
      prepaid: null,
      defaultKeyBudget: { limitNanoUsd: nanoUsd(5_000_000_000n), period: 'month' as const },
    },
  };
}
const meterOf = (field: string) => ({
  ...{ slug: field, eventType: 'request', aggregation: 'SUM' as const, valueProperty: `$.${field}`, groupBy: {} },
});

describe('a price on what is no token', () => {
  it('takes a header of the answer, and says the cost in the head', async () => {
    const rule = { kind: 'headers' as const, headers: { points: 'x-data-points' }, atMost: { points: 9 } };
    await republish({ field: 'points', rule });
    const response = await weather(await subscribe());
    expect(response.headers.get('tollwright-cost-usd')).toBe('0.000004');
    expect(await eventOf(response)).toMatchObject({ chargedNanoUsd: 4_000n, data: { points: 4 }, estimated: false });
  });

  it('takes how long a call took, on a route that reads nothing', async () => {
    await republish({ field: 'duration_ms', rule: { kind: 'openai' } });
    const response = await weather(await subscribe());
    expect(response.headers.get('tollwright-cost-usd')).toMatch(/^0\.\d{3,}$/);
    const event = await eventOf(response);
    expect(event.chargedNanoUsd).toBe(BigInt(Number(event.data.duration_ms)) * 1_000n);
    expect(event.chargedNanoUsd).toBeGreaterThan(0n);
  });

  it('takes the bytes of the answer, and stops a stream that is longer than its bound', async () => {
    await republish({ field: 'bytes_out', rule: { kind: 'openai', atMost: { bytes_out: 600 } } });
    // However late the gateway reads, there is no more to pass than was written by then.
    const four = { ...fast, 'x-upstream-stall-after-chunks': '4' };
    const response = await call(SHAPES[0], await subscribe(), { stream: true }, four);
    expect(await response.text()).toMatch(/event: error\ndata: .*budget-exhausted.*\n\n$/);
    const event = await eventOf(response);
    expect(event).toMatchObject({ chargedNanoUsd: 600_000n, ratedNanoUsd: BigInt(event.bytesOut * 1_000) });
    expect(event.bytesOut).toBeLessThan(1_200);
  });

  const weather = (key: string) => fetch(`${gateway.url}/acme/llm/weather`, { headers: bearer(key) });

  async function republish({ field, rule }: { field: string; rule: ExtractorRule }): Promise<void> {
    const { routes } = snapshot;
    // The next call is told by the store that it was decided on an old version.
    await stage.publish({
      extractors: [{ id: 'ext_1', rule }],
      routes: routes.map((route) => ({
        ...route,
        extractorId: rule.kind === 'openai' && route.method === 'GET' ? null : 'ext_1',
      })),
      meters: [meterOf(field)],
      plans: [planOf(field)],
    });
  }
});
