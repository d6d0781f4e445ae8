import { get, type IncomingMessage } from 'node:http';
import { expect, test } from '@playwright/test';
import OpenAI from 'openai';
import { apiUrl, bearer, type ChatRequest, chat, problemOf, quote } from './agent-calls.ts';
import { readLocal } from './local.ts';
import { openManagement } from './management.ts';
import { makeSubscriber, type Subscriber } from './subscriber.ts';
import { upstreamCall } from './upstream.ts';

const CHUNK_MS_MAX = 50;
/** So long that a machine which is busy for a moment passes a chunk on before the next one is sent. */
const CHUNK_INTERVAL_MS = 800;
const CHUNKS = 5;

let subscriber: Subscriber;
test.beforeAll(async () => {
  subscriber = await makeSubscriber(openManagement());
  // The first answer of a process also pays for connections and compilation.
  for (const gateway of [0, 1] as const) expect((await chat(bearer(subscriber.key), {}, gateway)).status).toBe(200);
});

/** Sends headers that `fetch` refuses to send. */
function rawQuote(headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${apiUrl()}/quotes/ACME`, { headers }, (response) => resolve(response.resume())).on('error', reject);
  });
}

/** When a chunk was written by the upstream and read here, by the same clock. */
interface Arrival {
  readonly sentAtMs: number;
  readonly readAtMs: number;
}

/** Chunks that carry text; the last ones, with the finish reason and the usage, follow at once. */
async function arrivals(response: Response): Promise<Arrival[]> {
  const found: Arrival[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    const readAtMs = Date.now();
    const lines = (rest + decoder.decode(part as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue;
      const chunk = JSON.parse(line.slice(6)) as { sent_at_ms: number; choices: { delta: { content?: string } }[] };
      if (chunk.choices[0]?.delta.content !== undefined) found.push({ sentAtMs: chunk.sent_at_ms, readAtMs });
    }
  }
  return found;
}

function expectUnbuffered(found: readonly Arrival[], who: string): void {
  const latencies = found.map(({ sentAtMs, readAtMs }) => readAtMs - sentAtMs);
  test.info().annotations.push({ type: `${who}: ms from upstream to client`, description: latencies.join(' ') });
  expect(found).toHaveLength(CHUNKS);
  // A gateway that buffers delays every chunk; a machine that is busy for a moment delays one.
  expect(latencies.toSorted((a, b) => a - b)[CHUNKS >> 1]).toBeLessThanOrEqual(CHUNK_MS_MAX);
  for (const [index, next] of found.slice(1).entries()) expect(found[index]?.readAtMs).toBeLessThan(next.sentAtMs);
  const spreadMs = (found.at(-1)?.readAtMs ?? 0) - (found[0]?.readAtMs ?? 0);
  expect(spreadMs).toBeGreaterThan((CHUNKS - 1) * CHUNK_INTERVAL_MS * 0.8);
}

test.describe('an agent with a key', () => {
  for (const [name, headersOf] of [
    ['Authorization: Bearer', bearer],
    ['X-API-Key', (key: string) => ({ 'x-api-key': key })],
  ] as const) {
    test(`calls by fetch with ${name}: JSON, the price and a request id`, async () => {
      const response = await chat(headersOf(subscriber.key), { max_tokens: 8 });
      expect(response.status).toBe(200);
      const { usage } = (await response.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
      expect(usage.completion_tokens).toBe(8);
      const micros = usage.prompt_tokens + 2 * usage.completion_tokens;
      expect(Number(response.headers.get('tollwright-cost-usd'))).toBeCloseTo(micros / 1e6, 9);
      expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    });

    test(`the upstream sees its own credential and nothing of ${name}`, async () => {
      const hop = { connection: 'close, x-hop', 'x-hop': 'for the gateway only' };
      const response = await rawQuote({ ...headersOf(subscriber.key), 'x-trace': 'kept', ...hop });
      // The upstream answers 401 unless it gets the provider's credential.
      expect(response.statusCode).toBe(200);
      const call = await upstreamCall(String(response.headers['x-request-id']));
      expect(call.target).toBe('/quotes/ACME');
      expect(call.headers).toMatchObject({ 'x-trace': 'kept' });
      expect(call.headers).not.toHaveProperty('x-hop');
      expect(call.headers).not.toHaveProperty('x-api-key');
      expect(JSON.stringify(call)).not.toContain(subscriber.key);
      expect(JSON.stringify(call)).not.toContain(subscriber.key.slice(-12));
    });
  }

  test('streams by fetch: a chunk within 50 ms of its sending, and before the next is sent, from both gateways', async () => {
    for (const gateway of [0, 1] as const) {
      const request: ChatRequest = { stream: true, max_tokens: 20, upstream: { chunkIntervalMs: CHUNK_INTERVAL_MS } };
      const response = await chat(bearer(subscriber.key), request, gateway);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      expectUnbuffered(await arrivals(response), `fetch, gateway ${gateway}`);
    }
  });

  test('a stream ends as its upstream ends it', async () => {
    const request = { stream: true, max_tokens: 5, upstream: { chunkIntervalMs: 10 } };
    const text = await (await chat(bearer(subscriber.key), request)).text();
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(text).toContain('"finish_reason":"length"');
  });

  test('uses the unmodified openai SDK: JSON', async () => {
    const openai = new OpenAI({ apiKey: subscriber.key, baseURL: `${apiUrl()}/v1`, maxRetries: 0 });
    const completion = await openai.chat.completions.create({
      model: 'toll-large',
      messages: [{ role: 'user', content: 'What does the road cost?' }],
      max_completion_tokens: 9,
    });
    expect(completion.model).toBe('toll-large');
    expect(completion.usage?.completion_tokens).toBe(9);
    expect(completion.choices[0]?.message.content).toMatch(/\w/);
    const models = await openai.models.list();
    expect(models.data.map(({ id }) => id)).toContain('toll-large');
  });

  test('uses the unmodified openai SDK: stream', async () => {
    const openai = new OpenAI({ apiKey: subscriber.key, baseURL: `${apiUrl(1)}/v1`, maxRetries: 0 });
    const stream = await openai.chat.completions.create(
      {
        model: 'toll-small',
        messages: [{ role: 'user', content: 'And the gate?' }],
        max_tokens: 12,
        stream: true,
        stream_options: { include_usage: true },
      },
      { headers: { 'x-upstream-chunk-interval-ms': String(CHUNK_INTERVAL_MS) } },
    );
    const found: Arrival[] = [];
    let outputTokens = 0;
    for await (const chunk of stream) {
      const readAtMs = Date.now();
      const sentAtMs = (chunk as unknown as { sent_at_ms: number }).sent_at_ms;
      if (chunk.choices[0]?.delta.content) found.push({ sentAtMs, readAtMs });
      outputTokens = chunk.usage?.completion_tokens ?? outputTokens;
    }
    expectUnbuffered(found, 'openai SDK');
    expect(outputTokens).toBe(12);
  });

  test('is told 404 for a route that the document lacks, and 401 without a key where strangers cannot pay', async () => {
    const unknown = await fetch(`${apiUrl()}/v1/embeddings`, { method: 'POST', headers: bearer(subscriber.key) });
    expect([unknown.status, (await problemOf(unknown)).slug]).toEqual([404, 'unknown-route']);
    const keyless = await quote({});
    expect([keyless.status, (await problemOf(keyless)).slug]).toEqual([401, 'invalid-key']);
  });
});

test('the key that the demo prints works as its curl line says', async () => {
  const { agentKey, api } = readLocal();
  const response = await fetch(`${api.baseUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(agentKey), 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 32 }),
  });
  expect(response.status).toBe(200);
});
