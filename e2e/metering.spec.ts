import Anthropic from '@anthropic-ai/sdk';
import { expect, test } from '@playwright/test';
import OpenAI from 'openai';
import { apiUrl } from './agent-calls.ts';
import { query } from './database.ts';
import { eventually } from './eventually.ts';
import { openManagement } from './management.ts';
import { makeSubscriber, type Subscriber } from './subscriber.ts';
import { upstreamStats } from './upstream.ts';

const SEEN_MS_MAX = 30_000;
const CHUNKS = 8;
const TOKENS_PER_CHUNK = 2;
const MODEL = 'toll-small';
const TEXT = 'What does the road cost';
const messages = [{ role: 'user' as const, content: TEXT }];

let subscriber: Subscriber;
test.beforeAll(async () => {
  subscriber = await makeSubscriber(openManagement());
});

/** Wishes to the sample upstream: how a stream is paced, and whatever a story needs. */
type Wishes = Readonly<Record<string, string>>;
const QUICK: Wishes = { 'x-upstream-chunk-interval-ms': '5' };
/** The upstream writes so many chunks and no more, however late its caller leaves. */
const stalledAfter = (chunks: number): Wishes => ({
  ...{ ...QUICK, 'x-upstream-chunks': String(CHUNKS) },
  'x-upstream-stall-after-chunks': String(chunks),
});

/** A call that answers in pieces of text. `pieces` is read to its end, or left. */
interface Streamed {
  readonly requestId: string;
  readonly pieces: AsyncIterable<string>;
}

/** One operation of a model's API, asked by the SDK of its maker. */
interface Operation {
  readonly name: string;
  json(wishes: Wishes): Promise<string>;
  stream(wishes: Wishes, cap?: number): Promise<Streamed>;
}

const openai = () => new OpenAI({ apiKey: subscriber.key, baseURL: `${apiUrl()}/v1`, maxRetries: 0 });
const anthropic = () => new Anthropic({ apiKey: subscriber.key, baseURL: apiUrl(1), maxRetries: 0 });

function idOf({ headers }: Response): string {
  const requestId = headers.get('x-request-id');
  if (requestId === null) throw new Error('the answer has no request id');
  return requestId;
}

async function* piecesOf<Chunk>(chunks: AsyncIterable<Chunk>, textOf: (chunk: Chunk) => string | undefined) {
  for await (const chunk of chunks) {
    const text = textOf(chunk);
    if (text) yield text;
  }
}

const OPERATIONS: readonly Operation[] = [
  {
    name: 'openai: chat completions',
    async json(headers) {
      const body = { model: MODEL, messages, max_tokens: 50 };
      const { response } = await openai().chat.completions.create(body, { headers }).withResponse();
      return idOf(response);
    },
    async stream(headers, max_tokens = 50) {
      const body = { model: MODEL, messages, max_tokens, stream: true as const };
      const { data, response } = await openai().chat.completions.create(body, { headers }).withResponse();
      const textOf = ({ choices }: OpenAI.ChatCompletionChunk) => {
        // The gateway asked for usage; its caller did not.
        expect(choices).not.toHaveLength(0);
        return choices[0]?.delta.content ?? undefined;
      };
      return { requestId: idOf(response), pieces: piecesOf(data, textOf) };
    },
  },
  {
    name: 'openai: legacy completions',
    async json(headers) {
      const body = { model: MODEL, prompt: TEXT, max_tokens: 50 };
      const { response } = await openai().completions.create(body, { headers }).withResponse();
      return idOf(response);
    },
    async stream(headers, max_tokens = 50) {
      const body = { model: MODEL, prompt: TEXT, max_tokens, stream: true as const };
      const { data, response } = await openai().completions.create(body, { headers }).withResponse();
      return { requestId: idOf(response), pieces: piecesOf(data, ({ choices }) => choices[0]?.text) };
    },
  },
  {
    name: 'openai: responses',
    async json(headers) {
      const body = { model: MODEL, input: TEXT, max_output_tokens: 50 };
      const { response } = await openai().responses.create(body, { headers }).withResponse();
      return idOf(response);
    },
    async stream(headers, max_output_tokens = 50) {
      const body = { model: MODEL, input: TEXT, max_output_tokens, stream: true as const };
      const { data, response } = await openai().responses.create(body, { headers }).withResponse();
      const textOf = (event: OpenAI.Responses.ResponseStreamEvent) =>
        event.type === 'response.output_text.delta' ? event.delta : undefined;
      return { requestId: idOf(response), pieces: piecesOf(data, textOf) };
    },
  },
  {
    name: 'anthropic: messages',
    async json(headers) {
      const body = { model: MODEL, messages, max_tokens: 50 };
      const { response } = await anthropic().messages.create(body, { headers }).withResponse();
      return idOf(response);
    },
    async stream(headers, max_tokens = 50) {
      const body = { model: MODEL, messages, max_tokens, stream: true as const };
      const { data, response } = await anthropic().messages.create(body, { headers }).withResponse();
      const textOf = (event: Anthropic.MessageStreamEvent) =>
        event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : undefined;
      return { requestId: idOf(response), pieces: piecesOf(data, textOf) };
    },
  },
];

interface Metered {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly estimated: boolean;
  readonly chargedNanoUsd: bigint;
  readonly shortfallNanoUsd: bigint;
}

/** The one event of a call, as it is in Postgres. */
function meteredOf(requestId: string): Promise<Metered> {
  return eventually(`the event of ${requestId}`, SEEN_MS_MAX, async () => {
    const rows = await query<{ body: Record<string, unknown> & { data: Record<string, unknown> } }>(
      "SELECT body FROM usage_event WHERE customer_id = $1 AND body ->> 'requestId' = $2",
      [subscriber.customerId, requestId],
    );
    const [row] = rows;
    if (row === undefined) return null;
    expect(rows).toHaveLength(1);
    const { data, estimated, chargedNanoUsd, shortfallNanoUsd } = row.body;
    return {
      inputTokens: Number(data.input_tokens),
      outputTokens: Number(data.output_tokens),
      estimated: estimated === true,
      chargedNanoUsd: BigInt(String(chargedNanoUsd)),
      shortfallNanoUsd: BigInt(String(shortfallNanoUsd)),
    };
  });
}

/** What the sample upstream itself counted for a call. */
async function logOf(requestId: string): Promise<{ inputTokens: number; outputTokens: number }> {
  const entry = (await upstreamStats()).byRequestId[requestId];
  if (entry === undefined) throw new Error(`the upstream did not see ${requestId}`);
  expect(entry.calls).toBe(1);
  return { inputTokens: entry.inputTokens, outputTokens: entry.outputTokens };
}

async function textOf({ pieces }: Streamed): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

for (const operation of OPERATIONS) {
  test.describe(operation.name, () => {
    test('JSON: the event says what the upstream counted', async () => {
      const requestId = await operation.json({});
      expect(await meteredOf(requestId)).toMatchObject({ estimated: false, ...(await logOf(requestId)) });
    });

    test('a stream: the same, whether its caller asked for usage or not', async () => {
      const streamed = await operation.stream(QUICK);
      expect((await textOf(streamed)).split(' ')).toHaveLength(16);
      const { requestId } = streamed;
      expect(await meteredOf(requestId)).toMatchObject({ estimated: false, ...(await logOf(requestId)) });
    });

    for (const chunks of [1, 3, 6]) {
      test(`left at chunk ${chunks}: charged what the upstream delivered`, async () => {
        const { requestId, pieces } = await operation.stream(stalledAfter(chunks));
        let read = 0;
        for await (const _piece of pieces) if (++read === chunks) break;
        const metered = await meteredOf(requestId);
        const log = await logOf(requestId);
        expect(log.outputTokens).toBe(chunks * TOKENS_PER_CHUNK);
        expect(metered).toMatchObject({ estimated: true, ...log, shortfallNanoUsd: 0n });
      });
    }

    test('no usage: counted by a tokenizer, and the event says so; a usage of zero stays zero', async () => {
      const silent = await operation.json({ 'x-upstream-omit-usage': '1' });
      expect(await meteredOf(silent)).toMatchObject({ estimated: true, ...(await logOf(silent)) });
      const free = await operation.json({ 'x-upstream-zero-usage': '1' });
      const nothing = { inputTokens: 0, outputTokens: 0, chargedNanoUsd: 0n };
      expect(await meteredOf(free)).toMatchObject({ estimated: false, ...nothing });
    });

    test('three times the hold: what was held is charged, the rest is shortfall', async () => {
      const requestId = await operation.json({ 'x-upstream-triple-usage': '1' });
      const { chargedNanoUsd, shortfallNanoUsd, ...counted } = await meteredOf(requestId);
      expect(counted).toMatchObject(await logOf(requestId));
      expect(shortfallNanoUsd).toBeGreaterThan(chargedNanoUsd);
    });

    test('a stream that runs out of money ends with an error that the SDK throws', async () => {
      const wishes = {
        ...{ 'x-upstream-ignore-cap': '1', 'x-upstream-completion-tokens': '4000' },
        ...{ 'x-upstream-chunks': '1000', 'x-upstream-chunk-interval-ms': '5' },
      };
      const streamed = await operation.stream(wishes, 20);
      await expect(textOf(streamed)).rejects.toThrow(/used up the money/);
      const { shortfallNanoUsd, estimated } = await meteredOf(streamed.requestId);
      expect([shortfallNanoUsd > 0n, estimated]).toEqual([true, true]);
      expect((await logOf(streamed.requestId)).outputTokens).toBeLessThan(4_000);
    });
  });
}
