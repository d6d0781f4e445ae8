import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startUpstream, type Upstream } from './upstream.ts';

const token = 'upstream-secret';
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream({ port: 0, token });
});
afterAll(() => upstream.close());
beforeEach(() => void upstream.log.reset());

const authorization = { authorization: `Bearer ${token}` };
const stats = async (query = '') =>
  (await fetch(`${upstream.statsUrl}${query}`)).json() as Promise<Record<string, unknown>>;
const chat = (body: object, headers: Record<string, string> = {}) =>
  fetch(`${upstream.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], ...body }),
  });

describe('sample upstream', () => {
  it('answers 401 without the upstream credential, and does not count the call', async () => {
    expect((await fetch(`${upstream.url}/weather`)).status).toBe(401);
    expect(await stats()).toMatchObject({ calls: 0 });
  });

  it('counts calls and tokens by request id', async () => {
    const body = { max_tokens: 7 };
    // One word, the frame of its message and of the conversation.
    const inputTokens = 1 + 4 + 3;
    const answer = (await (await chat(body, { 'x-request-id': 'r1' })).json()) as { usage: object };
    expect(answer.usage).toMatchObject({
      prompt_tokens: inputTokens,
      completion_tokens: 7,
      total_tokens: inputTokens + 7,
    });
    await chat({}, { 'x-request-id': 'r2' });
    expect(await stats('?requestId=r1')).toMatchObject({
      calls: 1,
      inputTokens,
      outputTokens: 7,
    });
    expect(await stats()).toMatchObject({ calls: 2, byPath: { 'POST /v1/chat/completions': { calls: 2 } } });
  });

  it('streams chunks apart in time to the unmodified openai client, with usage at the end', async () => {
    const client = new OpenAI({ apiKey: token, baseURL: `${upstream.url}/v1` });
    const stream = await client.chat.completions.create(
      {
        model: 'toll-small',
        messages: [{ role: 'user', content: 'hi' }],
        stream: true,
        stream_options: { include_usage: true },
      },
      { headers: { 'x-upstream-chunks': '3', 'x-upstream-chunk-interval-ms': '40' } },
    );
    const sent: number[] = [];
    let completion: number | undefined;
    let content = '';
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) sent.push((chunk as unknown as { sent_at_ms: number }).sent_at_ms);
      content += chunk.choices[0]?.delta.content ?? '';
      completion = chunk.usage?.completion_tokens ?? completion;
    }
    expect(sent).toHaveLength(3);
    expect((sent[2] ?? 0) - (sent[0] ?? 0)).toBeGreaterThanOrEqual(75);
    expect(content.split(' ')).toHaveLength(16);
    expect(completion).toBe(16);
  });

  it('holds every answer while its gate is closed', async () => {
    await fetch(`${upstream.url}/_gate`, { method: 'POST', body: '{"closed":true}' });
    const calls = Array.from({ length: 5 }, () => chat({}));
    await expect.poll(async () => (await stats()).held).toBe(5);
    expect(await stats()).toMatchObject({ calls: 5, running: 5 });
    await fetch(`${upstream.url}/_gate`, { method: 'POST', body: '{"closed":false}' });
    expect((await Promise.all(calls)).map((response) => response.status)).toEqual([200, 200, 200, 200, 200]);
  });

  it('fails, overreports and cuts a stream as asked', async () => {
    expect((await chat({}, { 'x-upstream-status': '503' })).status).toBe(503);
    const over = (await (await chat({ max_tokens: 2, upstream: { reportedCompletionTokens: 600 } })).json()) as {
      usage: { completion_tokens: number };
    };
    expect(over.usage.completion_tokens).toBe(600);
    const cut = await chat(
      { stream: true },
      { 'x-upstream-cut-after-chunks': '1', 'x-upstream-chunk-interval-ms': '5' },
    );
    await expect(cut.text()).rejects.toThrow();
  });

  it('stalls a stream as asked, until its caller goes', async () => {
    const gone = new AbortController();
    const stalled = await fetch(`${upstream.url}/v1/chat/completions`, {
      ...{ method: 'POST', headers: { ...authorization, 'x-request-id': 'req_stalled' }, signal: gone.signal },
      body: JSON.stringify({
        ...{ stream: true, messages: [] },
        upstream: { stallAfterChunks: 2, chunkIntervalMs: 1 },
      }),
    });
    const [call] = upstream.log.calls('req_stalled');
    // Two of five chunks of sixteen tokens.
    await expect.poll(() => call?.outputTokens).toBe(6);
    gone.abort();
    await expect(stalled.text()).rejects.toThrow();
    await expect.poll(() => call).toMatchObject({ outcome: 'aborted', outputTokens: 6 });
  });

  it('answers plain routes equally every time, and describes itself', async () => {
    const get = async (path: string) => (await fetch(`${upstream.url}${path}`, { headers: authorization })).json();
    expect(await get('/weather?city=Porto')).toEqual(await get('/weather?city=Porto'));
    expect(await get('/quotes/ACME')).toMatchObject({ symbol: 'ACME', currency: 'USD' });
    const document = (await get('/openapi.json')) as { paths: Record<string, object> };
    expect(Object.keys(document.paths)).toEqual([
      ...['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages', '/v1/models'],
      ...['/weather', '/quotes/{symbol}'],
    ]);
  });
});
