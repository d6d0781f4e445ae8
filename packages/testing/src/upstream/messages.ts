import type { ServerResponse } from 'node:http';
import type { UpstreamCall } from './call-log.ts';
import { answerDocument, answerStream, type Generation, generationOf, textOf, writeEvent } from './generation.ts';
import type { Steering } from './steering.ts';

/** Answers `POST /v1/messages`, in the shape of Anthropic. Cached tokens are not part of its input, and not logged. */
export async function answerMessage(
  body: Record<string, unknown>,
  bodyBytes: number,
  steering: Steering,
  call: UpstreamCall,
  response: ServerResponse,
): Promise<void> {
  const id = `msg_${call.bodySha256.slice(0, 24)}`;
  const generation = generationOf(body, { id, bodyBytes, caps: ['max_tokens'], choices: 1 }, steering);
  const usage = (output: number) => (steering.omitUsage ? {} : { usage: usageOf(generation, output) });
  if (!generation.stream) {
    const content = [{ type: 'text', text: textOf(0, generation.tokensPerChoice) }];
    const document = { ...headOf(generation, content, stopOf(generation)), ...usage(generation.outputTokens) };
    return answerDocument(generation, call, response, document);
  }
  const send = (type: string, rest: object = {}) => writeEvent(response, type, rest);
  await answerStream(generation, steering, call, response, {
    open: () => {
      send('message_start', { message: { ...headOf(generation, [], null), ...usage(1) } });
      send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
      send('ping');
    },
    piece: (_choice, text) => send('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    close: () => {
      const delta = { stop_reason: stopOf(generation), stop_sequence: null };
      const sum = steering.omitUsage ? {} : { usage: { output_tokens: generation.outputTokens } };
      send('content_block_stop', { index: 0 });
      send('message_delta', { delta, ...sum });
      send('message_stop');
    },
  });
}

function headOf({ id, model }: Generation, content: readonly object[], stopReason: string | null) {
  return {
    ...{ id, type: 'message', role: 'assistant', model, content },
    ...{ stop_reason: stopReason, stop_sequence: null },
  };
}

function usageOf({ inputTokens, cachedTokens }: Generation, output: number) {
  return {
    input_tokens: inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedTokens,
    output_tokens: output,
  };
}

function stopOf({ capped }: Generation): string {
  return capped ? 'max_tokens' : 'end_turn';
}
