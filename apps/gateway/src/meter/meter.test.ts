import { beforeAll, describe, expect, it } from 'vitest';
import { type AnswerHead, createMeter, type MeterBasis, type Reading, untilCounted } from './meter.ts';
import { loadTokenCounter } from './token-counter.ts';

beforeAll(async () => {
  await loadTokenCounter();
});

const openai = { kind: 'openai' } as const;
const request = Buffer.from('{"model":"m","messages":[{"role":"user","content":"hello there"}]}');
/** Two words, and the frames of one message and of a conversation. */
const INPUT_TOKENS = 2 + 4 + 3;
const basis: MeterBasis = { request, outputTokensBound: 100, dropsUsage: false, isOverHold: null };
const sse = { contentType: 'text/event-stream; charset=utf-8', contentEncoding: '', headers: {} };
const json = { contentType: 'application/json', contentEncoding: '', headers: {} };
const usage = { prompt_tokens: 12, completion_tokens: 34 };
const line = (document: unknown) => `data: ${JSON.stringify(document)}\n\n`;
const delta = (content: string) => line({ model: 'm', choices: [{ index: 0, delta: { content } }] });

function metered(answer: AnswerHead, parts: readonly string[]): Reading {
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

  it('without usage counts the tokens of request and delivered text, and says so', () => {
    const { estimated, fields } = metered(sse, [delta('The road'), delta(' goes'), delta(' on and on')]);
    expect([estimated, fields.input_tokens, fields.output_tokens]).toEqual([true, INPUT_TOKENS, 6]);
  });

  it('on its way is estimated by bytes, which costs nothing', () => {
    const meter = createMeter(openai, sse, basis);
    meter.push(Buffer.from(delta('The road goes on')));
    expect(meter.progress()).toMatchObject({ estimated: true, fields: { input_tokens: 17, output_tokens: 4 } });
  });

  it('never estimates more output than was priced', () => {
    expect(metered(sse, [delta('x'.repeat(10_000))]).fields.output_tokens).toBe(100);
  });

  it('takes an explicit zero for what it is', () => {
    const zero = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    const reading = metered(sse, [delta('hello'), line({ model: 'm', choices: [], usage: zero })]);
    expect(reading).toMatchObject({ estimated: false, fields: { input_tokens: 0, output_tokens: 0, total_tokens: 0 } });
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
  ])('%s counts are counted from the text instead', (_what, reported) => {
    const choices = [{ message: { role: 'assistant', content: 'The road goes on' } }];
    const { estimated, fields } = metered(json, [JSON.stringify({ model: 'm', choices, usage: reported })]);
    expect([estimated, fields.input_tokens, fields.output_tokens]).toEqual([true, INPUT_TOKENS, 4]);
  });

  it('an answer that was cut is estimated from the bytes that came', () => {
    expect(metered(json, ['{"model":"m","choices":['])).toEqual({
      estimated: true,
      fields: { input_tokens: INPUT_TOKENS, output_tokens: 6, total_tokens: INPUT_TOKENS + 6 },
    });
  });

  it('asks for the tokenizer only where usage is missing', () => {
    const asks = (document: object) => {
      const meter = createMeter(openai, json, basis);
      meter.push(Buffer.from(JSON.stringify(document)));
      meter.end();
      return untilCounted(meter) !== null;
    };
    expect([asks({ usage }), asks({ usage: { prompt_tokens: 0, completion_tokens: 0 } }), asks({})]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('does not ask for the tokenizer where there is no text at all', () => {
    const meter = createMeter(openai, json, { ...basis, request: null });
    meter.end();
    expect(untilCounted(meter)).toBeNull();
    expect(meter.reading()).toMatchObject({ estimated: true, fields: { input_tokens: 0, output_tokens: 0 } });
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

describe('the meter of headers', () => {
  it('reads numbers and texts of the head, whatever the body is', () => {
    const rule = { kind: 'headers' as const, headers: { pages: 'x-pages', tier: 'x-tier', lost: 'x-lost' } };
    const meter = createMeter(rule, { ...json, headers: { 'x-pages': '0', 'x-tier': 'gold' } }, basis);
    meter.push(Buffer.from('anything'));
    meter.end();
    expect(meter.reading()).toEqual({ fields: { pages: 0, tier: 'gold' }, estimated: false });
  });
});
