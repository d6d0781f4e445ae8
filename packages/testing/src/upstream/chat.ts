import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamCall } from './call-log.ts';
import { isRecord, numberOf, type Steering } from './steering.ts';

const promptTokensMax = 100_000;
const words = ['The', 'toll', 'is', 'paid,', 'the', 'gate', 'is', 'open,', 'and', 'the', 'road', 'goes', 'on.'];

type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number };

/** A parsed chat request and what answering it costs. */
export type Chat = {
  readonly id: string;
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly choices: number;
  readonly tokensPerChoice: number;
  readonly capped: boolean;
  readonly usage: Usage;
};

/** Counts tokens by arithmetic only: ceil(request bytes / 4) in; min(cap, wanted) out for each of `n` choices. */
export function chatOf(body: Record<string, unknown>, bodyBytes: number, steering: Steering, id: string): Chat {
  const cap = Math.min(
    numberOf(body.max_tokens) ?? Number.POSITIVE_INFINITY,
    numberOf(body.max_completion_tokens) ?? Number.POSITIVE_INFINITY,
  );
  const choices = Math.max(1, Math.min(numberOf(body.n) ?? 1, 16));
  const tokensPerChoice = Math.min(cap, steering.completionTokens);
  const prompt = steering.reportedPromptTokens ?? Math.min(promptTokensMax, Math.ceil(bodyBytes / 4));
  const completion = steering.reportedCompletionTokens ?? tokensPerChoice * choices;
  return {
    id: `chatcmpl-${id}`,
    model: typeof body.model === 'string' ? body.model : 'toll-small',
    stream: body.stream === true,
    includeUsage: isRecord(body.stream_options) && body.stream_options.include_usage === true,
    choices,
    tokensPerChoice,
    capped: cap < steering.completionTokens,
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
}

/** Answers in one JSON document. */
export function answerJson(chat: Chat, steering: Steering, call: UpstreamCall, response: ServerResponse): void {
  const content = textOf(0, chat.tokensPerChoice);
  const document = {
    id: chat.id,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: chat.model,
    choices: Array.from({ length: chat.choices }, (_, index) => ({
      index,
      message: { role: 'assistant', content, refusal: null },
      logprobs: null,
      finish_reason: chat.capped ? 'length' : 'stop',
    })),
    ...(steering.omitUsage ? {} : { usage: chat.usage }),
  };
  call.status = 200;
  call.inputTokens = chat.usage.prompt_tokens;
  call.outputTokens = chat.usage.completion_tokens;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

/** Answers as server-sent events; every chunk says in `sent_at_ms` when it was written. */
export async function answerStream(
  chat: Chat,
  steering: Steering,
  call: UpstreamCall,
  response: ServerResponse,
): Promise<void> {
  call.status = 200;
  call.inputTokens = chat.usage.prompt_tokens;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  const pieces = piecesOf(chat.tokensPerChoice, steering.chunks);
  let written = 0;
  let tokensSent = 0;
  for (const [order, count] of pieces.entries()) {
    if (order > 0) await sleep(steering.chunkIntervalMs);
    if (response.destroyed) return;
    if (steering.cutAfterChunks !== null && written >= steering.cutAfterChunks) return void response.destroy();
    for (let index = 0; index < chat.choices; index++) {
      const delta = { ...(order === 0 ? { role: 'assistant' } : {}), content: textOf(tokensSent, count) };
      send(response, chat, [{ index, delta, logprobs: null, finish_reason: null }]);
    }
    written += 1;
    tokensSent += count;
    call.outputTokens = tokensSent * chat.choices;
  }
  const finish_reason = chat.capped ? 'length' : 'stop';
  for (let index = 0; index < chat.choices; index++) {
    send(response, chat, [{ index, delta: {}, logprobs: null, finish_reason }]);
  }
  call.outputTokens = chat.usage.completion_tokens;
  if (chat.includeUsage && !steering.omitUsage) send(response, chat, [], chat.usage);
  response.end('data: [DONE]\n\n');
}

function send(response: ServerResponse, chat: Chat, choices: object[], usage?: Usage): void {
  const now = Date.now();
  const chunk = {
    id: chat.id,
    object: 'chat.completion.chunk',
    created: Math.floor(now / 1000),
    model: chat.model,
    choices,
    ...(chat.includeUsage ? { usage: usage ?? null } : {}),
    sent_at_ms: now,
  };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

function piecesOf(tokens: number, chunks: number): number[] {
  const count = Math.max(1, Math.min(chunks, tokens));
  return Array.from(
    { length: count },
    (_, i) => Math.floor(((i + 1) * tokens) / count) - Math.floor((i * tokens) / count),
  );
}

function textOf(from: number, count: number): string {
  let text = '';
  for (let i = from; i < from + count; i++) text += `${i === 0 ? '' : ' '}${words[i % words.length]}`;
  return text;
}
