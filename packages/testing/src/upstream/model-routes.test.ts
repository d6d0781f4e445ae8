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

const client = () => new OpenAI({ apiKey: token, baseURL: `${upstream.url}/v1`, maxRetries: 0 });
const quick = { 'x-upstream-chunk-interval-ms': '1', 'x-upstream-chunks': '3' };
const logged = () => upstream.log.calls(null).map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);

function ask(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${upstream.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': token, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'toll-small', ...body }),
  });
}
const message = { messages: [{ role: 'user', content: 'hi there' }], max_tokens: 7 };

describe('legacy completions of the sample upstream', () => {
  it('answer each of several prompts', async () => {
    const answer = await client().completions.create({ model: 'toll-small', prompt: ['a b', 'c'], max_tokens: 4 });
    expect(answer.choices.map(({ text }) => text.split(' ').length)).toEqual([4, 4]);
    expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 8 });
    expect(logged()).toEqual([[3, 8]]);
  });
});

describe('responses of the sample upstream', () => {
  it('are assembled by the unmodified openai client, and say when the cap ended them', async () => {
    const stream = client().responses.stream(
      { model: 'toll-small', input: 'hi there', max_output_tokens: 6 },
      { headers: quick },
    );
    const response = await stream.finalResponse();
    expect(response.output_text.split(' ')).toHaveLength(6);
    expect(response).toMatchObject({ status: 'incomplete', usage: { input_tokens: 2, output_tokens: 6 } });
    expect(logged()).toEqual([[2, 6]]);
  });
});

describe('messages of the sample upstream', () => {
  it('take a key by x-api-key and need max_tokens', async () => {
    const answer = await ask('/v1/messages', message, { 'x-upstream-cached-tokens': '2' });
    expect(await answer.json()).toMatchObject({
      ...{ type: 'message', stop_reason: 'max_tokens' },
      usage: { input_tokens: 9, output_tokens: 7, cache_read_input_tokens: 2 },
    });
    expect((await ask('/v1/messages', { messages: [] })).status).toBe(400);
    const [call] = upstream.log.calls(null);
    expect(call?.headers).not.toHaveProperty('x-api-key');
  });

  it('stream their input first and their output summed up at the end', async () => {
    const text = await (await ask('/v1/messages', { ...message, stream: true }, quick)).text();
    const events = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    const delta = 'content_block_delta';
    expect(events).toEqual([
      ...['message_start', 'content_block_start', 'ping', delta, delta, delta],
      ...['content_block_stop', 'message_delta', 'message_stop'],
    ]);
    expect(text).toContain('"usage":{"output_tokens":7}');
    expect(logged()).toEqual([[9, 7]]);
  });
});

describe('what the sample upstream is asked to claim', () => {
  const usageOf = async (wish: string) => {
    const answer = await ask('/v1/messages', message, { [wish]: '1', 'x-upstream-completion-tokens': '50' });
    return ((await answer.json()) as { usage?: Record<string, number> }).usage;
  };

  it.each([
    ['x-upstream-zero-usage', { input_tokens: 0, output_tokens: 0 }],
    ['x-upstream-ignore-cap', { input_tokens: 9, output_tokens: 50 }],
    ['x-upstream-triple-usage', { output_tokens: 21 }],
  ])('%s', async (wish, usage) => expect(await usageOf(wish)).toMatchObject(usage));

  it('nothing, while its log keeps the truth', async () => {
    expect(await usageOf('x-upstream-omit-usage')).toBeUndefined();
    expect(logged()).toEqual([[9, 7]]);
  });
});
