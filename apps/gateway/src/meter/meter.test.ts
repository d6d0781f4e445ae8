import { describe, expect, it } from 'vitest';
import { createMeter } from './meter.ts';

const openai = { kind: 'openai' } as const;
const basis = { inputBytes: 40, outputTokensBound: 100 };
const sse = { contentType: 'text/event-stream; charset=utf-8', contentEncoding: '' };
const json = { contentType: 'application/json', contentEncoding: '' };
const usage = { prompt_tokens: 12, completion_tokens: 34 };
const line = (document: unknown) => `data: ${JSON.stringify(document)}\n\n`;
const delta = (content: string) => line({ model: 'm', choices: [{ index: 0, delta: { content } }] });

function metered(answer: { contentType: string; contentEncoding: string }, parts: readonly string[]) {
  const meter = createMeter(openai, answer, basis);
  for (const part of parts) meter.push(Buffer.from(part));
  meter.end();
  return meter.reading();
}

describe('the meter of a stream', () => {
  it('takes what the upstream reported', () => {
    const reading = metered(sse, [delta('hello'), line({ model: 'm', choices: [], usage })]);
    expect(reading).toEqual({
      estimated: false,
      fields: { model: 'm', input_tokens: 12, output_tokens: 34, total_tokens: 46 },
    });
  });

  it('may be read at any byte and reads the same in the end', () => {
    const whole = Buffer.from(delta('hello') + line({ model: 'm', choices: [], usage }));
    for (let cut = 0; cut <= whole.length; cut++) {
      const meter = createMeter(openai, sse, basis);
      meter.push(whole.subarray(0, cut));
      meter.reading();
      meter.push(whole.subarray(cut));
      meter.end();
      expect(meter.reading(), `read at byte ${cut}`).toMatchObject({ estimated: false, fields: { output_tokens: 34 } });
    }
  });

  it('without usage estimates four bytes a token, and says so', () => {
    const { estimated, fields } = metered(sse, [delta('hello'), delta('world')]);
    expect([estimated, fields.input_tokens, fields.output_tokens]).toEqual([true, 10, 3]);
  });

  it('never estimates more output than was priced', () => {
    expect(metered(sse, [delta('x'.repeat(10_000))]).fields.output_tokens).toBe(100);
  });

  it('counts a last line without its line break', () => {
    expect(metered(sse, [line({ choices: [], usage }).trimEnd()])).toMatchObject({ estimated: false });
  });
});

describe('the meter of a JSON answer', () => {
  it('takes what the upstream reported', () => {
    const text = JSON.stringify({ model: 'm', usage });
    expect(metered(json, [text.slice(0, 9), text.slice(9)])).toMatchObject({
      estimated: false,
      fields: { output_tokens: 34 },
    });
  });

  it.each([
    ['negative', { prompt_tokens: -5, completion_tokens: -1 }],
    ['fractional', { prompt_tokens: 1.5, completion_tokens: 2.5 }],
    ['textual', { prompt_tokens: '5', completion_tokens: '6' }],
    ['missing', {}],
  ])('%s counts are estimated from bytes instead', (_what, reported) => {
    const { estimated, fields } = metered(json, [JSON.stringify({ model: 'm', usage: reported })]);
    expect(estimated).toBe(true);
    expect(fields.input_tokens).toBe(10);
    expect(fields.output_tokens).toBeGreaterThan(0);
  });

  it('an answer that was cut is estimated from the bytes that came', () => {
    expect(metered(json, ['{"model":"m","choices":['])).toEqual({
      estimated: true,
      fields: { input_tokens: 10, output_tokens: 6, total_tokens: 16 },
    });
  });

  it('an answer that is encoded cannot be read: it is estimated', () => {
    const reading = metered({ ...json, contentEncoding: 'gzip' }, [JSON.stringify({ model: 'm', usage })]);
    expect(reading).toMatchObject({ estimated: true });
  });
});

describe('the meter of a route without extractor', () => {
  it('reads nothing and estimates nothing', () => {
    const meter = createMeter(null, json, basis);
    meter.push(Buffer.from('{"usage":{"prompt_tokens":1}}'));
    meter.end();
    expect(meter.reading()).toEqual({ fields: {}, estimated: false });
  });
});
