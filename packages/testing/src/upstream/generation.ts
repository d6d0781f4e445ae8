import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamCall } from './call-log.ts';
import { isRecord, numberOf, type Steering } from './steering.ts';

const promptTokensMax = 100_000;
/** Each of them is one token to every tokenizer in use, after the first with its space. */
const words = [
  'The',
  'toll',
  'is',
  'paid',
  'and',
  'the',
  'gate',
  'is',
  'open',
  'so',
  'the',
  'road',
  'goes',
  'on',
  'to',
];

/** A parsed request of a model and what answering it costs. The last two are what `usage` says; null = it says nothing. */
export type Generation = {
  readonly id: string;
  readonly model: string;
  readonly stream: boolean;
  readonly choices: number;
  readonly tokensPerChoice: number;
  /** Whether the cap ended the text. */
  readonly capped: boolean;
  readonly cachedTokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/**
 * Works out an answer by arithmetic only. A token is a word; a message costs four tokens more and a conversation three. What
 * is generated is what was wanted, up to the smallest cap of the request, for each choice.
 */
export function generationOf(
  body: Record<string, unknown>,
  from: { readonly id: string; readonly bodyBytes: number; readonly caps: readonly string[]; readonly choices: number },
  steering: Steering,
): Generation {
  const cap = Math.min(...from.caps.map((name) => numberOf(body[name]) ?? Number.POSITIVE_INFINITY));
  const { completionTokens: wanted } = steering;
  const tokensPerChoice = steering.ignoreCap ? wanted : Math.min(cap, wanted);
  const bound = (Number.isFinite(cap) ? cap : wanted) * from.choices;
  const reported = reportedOf(from.bodyBytes, bound, steering);
  return {
    id: from.id,
    model: typeof body.model === 'string' ? body.model : 'toll-small',
    stream: body.stream === true,
    choices: from.choices,
    tokensPerChoice,
    capped: tokensPerChoice < wanted,
    cachedTokens: Math.min(steering.cachedTokens, reported.input ?? Number.POSITIVE_INFINITY),
    inputTokens: reported.input ?? Math.min(promptTokensMax, wordsOfPrompt(body)),
    outputTokens: reported.output ?? tokensPerChoice * from.choices,
  };
}

/** What `usage` claims instead of the truth; null = the truth. Three times the bytes and the cap is three times any hold. */
function reportedOf(bodyBytes: number, bound: number, steering: Steering) {
  if (steering.zeroUsage) return { input: 0, output: 0 };
  if (steering.tripleUsage) return { input: 3 * bodyBytes, output: 3 * bound };
  return { input: steering.reportedPromptTokens, output: steering.reportedCompletionTokens };
}

function wordsOfPrompt(body: Record<string, unknown>): number {
  let tokens = 0;
  for (const name of ['system', 'instructions', 'messages', 'input', 'prompt']) {
    const value = body[name];
    const messages = Array.isArray(value) ? value.filter(isRecord).length : 0;
    tokens += wordsOf(value) + (messages > 0 ? 4 * messages + 3 : 0);
  }
  return tokens;
}

function wordsOf(value: unknown): number {
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '').length;
  if (typeof value === 'number') return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + wordsOf(item), 0);
  if (!isRecord(value)) return 0;
  return Object.entries(value).reduce((sum, [name, item]) => sum + (frame.has(name) ? 0 : wordsOf(item)), 0);
}

const frame = new Set(['role', 'type', 'id']);

/** The text from one token to another, such that consecutive pieces join to one text. */
export function textOf(from: number, count: number): string {
  let text = '';
  for (let i = from; i < from + count; i++) text += `${i === 0 ? '' : ' '}${words[i % words.length]}`;
  return text;
}

/** Answers with one JSON document and notes in the log what it says. */
export function answerDocument(generation: Generation, call: UpstreamCall, response: ServerResponse, document: object) {
  call.status = 200;
  call.inputTokens = generation.inputTokens;
  call.outputTokens = generation.outputTokens;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

/** What a stream of one API writes: its opening events, a piece of text for one choice, and its closing ones. */
export type StreamShape = {
  open(): void;
  piece(choice: number, text: string, isFirst: boolean): void;
  close(): void;
};

/** Answers as server-sent events, paced as asked. The log says at every moment how many tokens have been written. */
export async function answerStream(
  generation: Generation,
  steering: Steering,
  call: UpstreamCall,
  response: ServerResponse,
  shape: StreamShape,
): Promise<void> {
  call.status = 200;
  call.inputTokens = generation.inputTokens;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  shape.open();
  let tokensSent = 0;
  for (const [order, count] of piecesOf(generation.tokensPerChoice, steering.chunks).entries()) {
    if (order > 0) await sleep(steering.chunkIntervalMs);
    if (response.destroyed) return;
    if (order === steering.stallAfterChunks) return void (await once(response, 'close'));
    if (order === steering.cutAfterChunks) return void response.destroy();
    const text = textOf(tokensSent, count);
    for (let choice = 0; choice < generation.choices; choice++) shape.piece(choice, text, order === 0);
    tokensSent += count;
    call.outputTokens = tokensSent * generation.choices;
  }
  call.outputTokens = generation.outputTokens;
  shape.close();
  response.end();
}

function piecesOf(tokens: number, chunks: number): number[] {
  const count = Math.max(1, Math.min(chunks, tokens));
  return Array.from(
    { length: count },
    (_, i) => Math.floor(((i + 1) * tokens) / count) - Math.floor((i * tokens) / count),
  );
}

/** Writes one named event whose document repeats the name, as the newer APIs do; it says when it was written. */
export function writeEvent(response: ServerResponse, type: string, rest: object): void {
  response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest, sent_at_ms: Date.now() })}\n\n`);
}
