import { describe, expect, it } from 'vitest';
import { extractJson } from './extract-json.ts';
import { SseScanner } from './sse-scanner.ts';

const openai = { kind: 'openai' as const };
const fieldsOf = (usage: object) => {
  const result = extractJson(openai, JSON.stringify({ model: 'm', usage }));
  return result.kind === 'extracted' ? result.fields : null;
};

describe('the details of usage', () => {
  it('of a chat completion are fields of their own, zeros included', () => {
    const usage = {
      ...{ prompt_tokens: 9, completion_tokens: 8, total_tokens: 17 },
      prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
      completion_tokens_details: {
        ...{ reasoning_tokens: 5, audio_tokens: 1, accepted_prediction_tokens: 0, rejected_prediction_tokens: 2 },
      },
    };
    expect(fieldsOf(usage)).toEqual({
      ...{ model: 'm', input_tokens: 9, output_tokens: 8, total_tokens: 17 },
      ...{ cached_input_tokens: 4, input_audio_tokens: 0, reasoning_tokens: 5, output_audio_tokens: 1 },
      ...{ accepted_prediction_tokens: 0, rejected_prediction_tokens: 2 },
    });
  });

  it('of a response are the same fields', () => {
    const usage = {
      ...{ input_tokens: 9, output_tokens: 8, total_tokens: 17 },
      input_tokens_details: { cached_tokens: 4 },
      output_tokens_details: { reasoning_tokens: 5 },
    };
    expect(fieldsOf(usage)).toMatchObject({ cached_input_tokens: 4, reasoning_tokens: 5 });
  });

  it('that are no counts are left out', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, prompt_tokens_details: { cached_tokens: -1 } };
    expect(fieldsOf(usage)).not.toHaveProperty('cached_input_tokens');
    expect(fieldsOf({ ...usage, prompt_tokens_details: null })).toMatchObject({ total_tokens: 2 });
  });
});

describe('usage that names no output', () => {
  it('of an embedding has what is left of the total: nothing', () => {
    expect(fieldsOf({ prompt_tokens: 7, total_tokens: 7 })).toMatchObject({ input_tokens: 7, output_tokens: 0 });
  });

  it('and no total is incomplete', () => {
    expect(fieldsOf({ prompt_tokens: 7 })).toEqual({ model: 'm', input_tokens: 7 });
  });
});

describe('a streamed response', () => {
  const usage = { input_tokens: 2, output_tokens: 3, total_tokens: 5 };
  const ends = ['response.completed', 'response.incomplete', 'response.failed'];
  const streamOf = (end: string) =>
    [
      { type: 'response.created', response: { model: 'm', usage: null } },
      { type: 'response.output_text.delta', output_index: 0, delta: 'höf' },
      { type: 'response.output_text.delta', output_index: 0, delta: 'lich' },
      { type: 'response.output_text.done', output_index: 0, text: 'höflich' },
      { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{}' },
      { type: 'response.output_audio.delta', output_index: 2, delta: 'AAAA' },
      { type: end, response: { model: 'm', usage } },
    ]
      .map((document) => `event: ${document.type}\ndata: ${JSON.stringify(document)}\n\n`)
      .join('');

  it.each(ends)('that ends with %s reads the same wherever it is cut', (end) => {
    const bytes = Buffer.from(streamOf(end));
    for (let at = 0; at <= bytes.length; at++) {
      const scanner = new SseScanner(openai);
      scanner.push(bytes.subarray(0, at));
      scanner.push(bytes.subarray(at));
      scanner.end();
      expect(scanner.fields).toEqual({ model: 'm', input_tokens: 2, output_tokens: 3, total_tokens: 5 });
      expect(scanner.generated.bytes).toBe(8 + 2);
    }
  });

  it('that failed before it had usage is incomplete', () => {
    const scanner = new SseScanner(openai);
    scanner.push(
      Buffer.from(`data: ${JSON.stringify({ type: 'response.failed', response: { model: 'm', usage: null } })}\n\n`),
    );
    expect([scanner.fields, scanner.complete]).toEqual([{ model: 'm' }, false]);
  });
});

describe('a streamed legacy completion', () => {
  it('delivers the text of its choices', () => {
    const scanner = new SseScanner(openai);
    for (const text of ['a', 'bc', '']) {
      scanner.push(
        Buffer.from(`data: ${JSON.stringify({ object: 'text_completion', choices: [{ index: 0, text }] })}\n\n`),
      );
    }
    expect(scanner.generated.bytes).toBe(3);
  });
});
