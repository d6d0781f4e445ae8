import type { ServerResponse } from 'node:http';
import type { UpstreamCall } from './call-log.ts';
import { answerDocument, answerStream, type Generation, generationOf, textOf } from './generation.ts';
import { isRecord, numberOf, type Steering } from './steering.ts';

/** Chat completions and legacy completions differ in names only. */
type Kind = 'chat' | 'legacy';

/** Answers `POST /v1/chat/completions` and `POST /v1/completions`. */
export async function answerCompletion(
  kind: Kind,
  body: Record<string, unknown>,
  bodyBytes: number,
  steering: Steering,
  call: UpstreamCall,
  response: ServerResponse,
): Promise<void> {
  const id = `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${call.bodySha256.slice(0, 24)}`;
  const caps = kind === 'chat' ? ['max_tokens', 'max_completion_tokens'] : ['max_tokens'];
  const choices = Math.max(1, Math.min(numberOf(body.n) ?? 1, 16)) * promptsOf(body.prompt);
  const generation = generationOf(body, { id, bodyBytes, caps, choices }, steering);
  if (!generation.stream) return answerDocument(generation, call, response, documentOf(kind, generation, steering));
  const includeUsage = isRecord(body.stream_options) && body.stream_options.include_usage === true;
  const send = (choice: object | null, usage: object | null) => {
    const now = Date.now();
    const chunk = {
      ...headOf(kind === 'chat' ? 'chat.completion.chunk' : 'text_completion', generation, now),
      choices: choice === null ? [] : [choice],
      ...(includeUsage ? { usage } : {}),
      sent_at_ms: now,
    };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  await answerStream(generation, steering, call, response, {
    open: () => undefined,
    piece: (index, text, isFirst) => {
      const delta = { ...(isFirst ? { role: 'assistant' } : {}), content: text };
      send({ index, ...(kind === 'chat' ? { delta } : { text }), logprobs: null, finish_reason: null }, null);
    },
    close: () => {
      for (let index = 0; index < generation.choices; index++) {
        const nothing = kind === 'chat' ? { delta: {} } : { text: '' };
        send({ index, ...nothing, logprobs: null, finish_reason: finishOf(generation) }, null);
      }
      if (includeUsage && !steering.omitUsage) send(null, usageOf(generation));
      response.write('data: [DONE]\n\n');
    },
  });
}

function documentOf(kind: Kind, generation: Generation, steering: Steering): object {
  const content = textOf(0, generation.tokensPerChoice);
  const text = kind === 'chat' ? { message: { role: 'assistant', content, refusal: null } } : { text: content };
  return {
    ...headOf(kind === 'chat' ? 'chat.completion' : 'text_completion', generation, Date.now()),
    choices: Array.from({ length: generation.choices }, (_, index) => ({
      ...{ index, ...text, logprobs: null, finish_reason: finishOf(generation) },
    })),
    ...(steering.omitUsage ? {} : { usage: usageOf(generation) }),
  };
}

function headOf(object: string, { id, model }: Generation, nowMs: number) {
  return { id, object, created: Math.floor(nowMs / 1000), model };
}

function finishOf({ capped }: Generation): string {
  return capped ? 'length' : 'stop';
}

function usageOf({ inputTokens, outputTokens, cachedTokens }: Generation) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

/** A legacy completion answers each of several prompts; a list of numbers is one prompt. */
function promptsOf(prompt: unknown): number {
  if (!Array.isArray(prompt) || prompt.every((part) => typeof part === 'number')) return 1;
  return prompt.length;
}
