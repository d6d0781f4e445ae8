import type { ServerResponse } from 'node:http';
import type { UpstreamCall } from './call-log.ts';
import { answerDocument, answerStream, type Generation, generationOf, textOf, writeEvent } from './generation.ts';
import type { Steering } from './steering.ts';

/** Answers `POST /v1/responses`. */
export async function answerResponse(
  body: Record<string, unknown>,
  bodyBytes: number,
  steering: Steering,
  call: UpstreamCall,
  response: ServerResponse,
): Promise<void> {
  const id = `resp_${call.bodySha256.slice(0, 24)}`;
  const generation = generationOf(body, { id, bodyBytes, caps: ['max_output_tokens'], choices: 1 }, steering);
  const text = textOf(0, generation.tokensPerChoice);
  const ended = documentOf(
    generation,
    endOf(generation),
    [messageOf(generation, 'completed', [partOf(text)])],
    steering,
  );
  if (!generation.stream) return answerDocument(generation, call, response, ended);
  let sequence = 0;
  const send = (type: string, rest: object) => writeEvent(response, type, { ...rest, sequence_number: sequence++ });
  const started = documentOf(generation, 'in_progress', [], null);
  const item = { item_id: messageIdOf(generation), output_index: 0, content_index: 0 };
  await answerStream(generation, steering, call, response, {
    open: () => {
      send('response.created', { response: started });
      send('response.in_progress', { response: started });
      send('response.output_item.added', { output_index: 0, item: messageOf(generation, 'in_progress', []) });
      send('response.content_part.added', { ...item, part: partOf('') });
    },
    piece: (_choice, delta) => send('response.output_text.delta', { ...item, delta, logprobs: [] }),
    close: () => {
      send('response.output_text.done', { ...item, text, logprobs: [] });
      send('response.content_part.done', { ...item, part: partOf(text) });
      send('response.output_item.done', {
        output_index: 0,
        item: messageOf(generation, 'completed', [partOf(text)]),
      });
      send(`response.${endOf(generation)}`, { response: ended });
    },
  });
}

/** `steering` null: it is too early for usage. */
function documentOf(generation: Generation, status: string, output: readonly object[], steering: Steering | null) {
  const { id, model } = generation;
  const hasUsage = steering !== null && !steering.omitUsage;
  return {
    ...{ id, object: 'response', created_at: Math.floor(Date.now() / 1000), status, model, output, error: null },
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    usage: hasUsage ? usageOf(generation) : null,
  };
}

function usageOf({ inputTokens, outputTokens, cachedTokens }: Generation) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}

function endOf({ capped }: Generation): 'completed' | 'incomplete' {
  return capped ? 'incomplete' : 'completed';
}

function messageIdOf({ id }: Generation): string {
  return id.replace('resp_', 'msg_');
}

function messageOf(generation: Generation, status: string, content: readonly object[]) {
  return { id: messageIdOf(generation), type: 'message', role: 'assistant', status, content };
}

function partOf(text: string) {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}
