import { describe, expect, it } from 'vitest';
import { extractJson } from './extract-json.ts';
import { SseScanner } from './sse-scanner.ts';

const anthropic = { kind: 'anthropic' as const };
const usage = { input_tokens: 9, cache_creation_input_tokens: 2, cache_read_input_tokens: 5, output_tokens: 4 };
const fields = { model: 'claude-x', ...usage, total_tokens: 20 };

const events = [
  { type: 'message_start', message: { model: 'claude-x', content: [], usage: { ...usage, output_tokens: 1 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'höf' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lich' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } },
  { type: 'content_block_delta', index: 2, delta: { type: 'thinking_delta', thinking: 'hm' } },
  { type: 'content_block_delta', index: 2, delta: { type: 'signature_delta', signature: 'EqQBCg' } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } },
  { type: 'message_stop' },
];
const streamOf = (documents: readonly { type: string }[]) =>
  Buffer.from(documents.map((document) => `event: ${document.type}\ndata: ${JSON.stringify(document)}\n\n`).join(''));

function scan(...chunks: readonly Buffer[]): SseScanner {
  const scanner = new SseScanner(anthropic);
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return scanner;
}

describe('anthropic extractor', () => {
  it('reads a message; what a cache served or took comes on top of its input', () => {
    const message = { type: 'message', model: 'claude-x', content: [{ type: 'text', text: 'hi' }], usage };
    expect(extractJson(anthropic, JSON.stringify(message))).toEqual({ kind: 'extracted', fields, complete: true });
  });

  it('reads a message without a cache, and explicit zeros', () => {
    const zero = { model: 'm', usage: { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: null } };
    expect(extractJson(anthropic, JSON.stringify(zero))).toMatchObject({
      fields: { model: 'm', input_tokens: 0, output_tokens: 0, total_tokens: 0 },
      complete: true,
    });
  });

  it('reads a stream the same, wherever it is cut', () => {
    const bytes = streamOf(events);
    for (let at = 0; at <= bytes.length; at++) {
      const scanner = scan(bytes.subarray(0, at), bytes.subarray(at));
      expect([scanner.fields, scanner.complete, scanner.generated.bytes]).toEqual([fields, true, 8 + 7 + 2]);
    }
    expect(scan(...[...bytes].map((byte) => Buffer.from([byte]))).fields).toEqual(fields);
  });

  it('does not take the stand-in at the start of a stream for its output', () => {
    const { fields: read, complete } = scan(streamOf(events.slice(0, 5)));
    expect([read.input_tokens, read.output_tokens, complete]).toEqual([9, undefined, false]);
  });

  it('an error in a stream is no text and no usage', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const { fields: read, generated } = scan(streamOf([error]));
    expect([read, generated.bytes]).toEqual([{}, 0]);
  });
});
