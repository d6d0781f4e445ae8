import { beforeAll, describe, expect, it } from 'vitest';
import type { MeterBasis, Reading } from './meter.ts';
import { SseMeter } from './sse-meter.ts';
import { loadTokenCounter } from './token-counter.ts';

beforeAll(async () => {
  await loadTokenCounter();
});

const openai = { kind: 'openai' } as const;
const anthropic = { kind: 'anthropic' } as const;
const line = (document: unknown) => `data: ${JSON.stringify(document)}\n\n`;
const delta = (content: string) => line({ model: 'm', choices: [{ index: 0, delta: { content } }] });
const usage = (output: number) =>
  line({ model: 'm', choices: [], usage: { prompt_tokens: 5, completion_tokens: output } });
const basis: MeterBasis = { request: null, outputTokensBound: 10, dropsUsage: false, isOverHold: null };

interface Passed {
  readonly text: string;
  readonly reading: Reading;
  readonly isSpent: boolean;
}

/** What a caller gets of a stream that comes in the given chunks. */
function passed(rule: typeof openai | typeof anthropic, chunks: readonly Buffer[], of: MeterBasis): Passed {
  const meter = new SseMeter(rule, of);
  const parts: (Buffer | null)[] = chunks.map((chunk) => meter.push(chunk));
  parts.push(meter.end());
  return {
    text: Buffer.concat(parts.filter((part) => part !== null)).toString(),
    reading: meter.reading(),
    isSpent: meter.isSpent,
  };
}

/** A stream cut in two at every byte, and into single bytes. */
function* cuttings(stream: string): Iterable<Buffer[]> {
  const bytes = Buffer.from(stream);
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield [...bytes].map((byte) => Buffer.from([byte]));
}

describe('the chunk that only the gateway asked for', () => {
  const tail = 'data: [DONE]\n\n';
  const stream = delta('höflich') + usage(7) + tail;

  it('is read and left out, wherever the stream is cut', () => {
    for (const chunks of cuttings(stream)) {
      const { text, reading } = passed(openai, chunks, { ...basis, dropsUsage: true });
      expect(text).toBe(delta('höflich') + tail);
      expect(reading).toMatchObject({ estimated: false, fields: { input_tokens: 5, output_tokens: 7 } });
    }
  });

  it('is left out at the end of a stream that forgets its last line break, and with other line breaks', () => {
    const of = { ...basis, dropsUsage: true };
    expect(passed(openai, [Buffer.from(delta('a') + usage(1).trimEnd())], of).text).toBe(delta('a'));
    for (const lineBreak of ['\r\n', '\r']) {
      const bytes = Buffer.from(stream.replaceAll('\n', lineBreak));
      expect(passed(openai, [bytes], of).text).toBe((delta('höflich') + tail).replaceAll('\n', lineBreak));
    }
  });

  it('is passed on to a caller who asked for it, and so is usage beside a choice', () => {
    expect(passed(openai, [Buffer.from(stream)], basis).text).toBe(stream);
    const last = line({
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    });
    expect(passed(openai, [Buffer.from(last)], { ...basis, dropsUsage: true }).text).toBe(last);
  });
});

describe('a stream of whole events', () => {
  it('is the stream that came, wherever it is cut', () => {
    const stream = `: ping\n\nevent: note\ndata: not json\n\n${delta('a')}${usage(1)}data: [DONE]\n\n`;
    for (const chunks of cuttings(stream)) expect(passed(openai, chunks, basis).text).toBe(stream);
  });
});

describe('a stream that uses more than is held for it', () => {
  const word = delta(' road');
  /** Money for 20 tokens. */
  const isOverHold = ({ fields }: Reading) => Number(fields.output_tokens) > 20;

  it('is cut between two events, within a few tokens of the hold, and charged what came', () => {
    const chunks = Array.from({ length: 500 }, () => Buffer.from(word));
    const { text, reading, isSpent } = passed(openai, chunks, { ...basis, isOverHold });
    expect(isSpent).toBe(true);
    const words = text.length / word.length;
    expect(Number.isInteger(words)).toBe(true);
    expect(words).toBeGreaterThanOrEqual(20);
    expect(words).toBeLessThan(100);
    expect(reading.estimated).toBe(true);
    expect(reading.fields.output_tokens).toBe(words + 1);
  });

  it('is cut at the same event when it comes in one chunk, so that the caller gets what is paid for', () => {
    const one = passed(openai, [Buffer.from(word.repeat(500))], { ...basis, isOverHold });
    const many = passed(
      openai,
      Array.from({ length: 500 }, () => Buffer.from(word)),
      { ...basis, isOverHold },
    );
    expect(one.text).toBe(many.text);
  });

  it('is not cut while it is within its cap, however few bytes its tokens have', () => {
    const chunks = Array.from({ length: 10 }, () => Buffer.from(delta(' internationalization')));
    expect(passed(openai, chunks, { ...basis, isOverHold: () => true }).isSpent).toBe(false);
  });

  it('is cut by what it reports once more text follows, and not by a report that ends it', () => {
    const over: MeterBasis = { ...basis, isOverHold };
    const ended = passed(
      openai,
      [word, usage(600), 'data: [DONE]\n\n'].map((text) => Buffer.from(text)),
      over,
    );
    expect([ended.isSpent, ended.reading.fields.output_tokens]).toEqual([false, 600]);
    const counted = (output: number) =>
      line({
        choices: [{ index: 0, delta: { content: ' road' } }],
        usage: { prompt_tokens: 5, completion_tokens: output },
      });
    const chunks = [counted(15), counted(25), counted(35), counted(45)].map((text) => Buffer.from(text));
    const { text, isSpent, reading } = passed(openai, chunks, over);
    expect([text, isSpent, reading.fields.output_tokens]).toEqual([counted(15), true, 25]);
  });

  it('an Anthropic-shaped one is cut alike', () => {
    const event = (document: { type: string }) => `event: ${document.type}\n${line(document)}`;
    const start = event({
      type: 'message_start',
      message: { model: 'm', usage: { input_tokens: 3, output_tokens: 1 } },
    } as never);
    const text = event({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: ' road' },
    } as never);
    const chunks = [start, ...Array.from({ length: 500 }, () => text)].map((part) => Buffer.from(part));
    const { isSpent, reading } = passed(anthropic, chunks, { ...basis, isOverHold });
    expect(isSpent).toBe(true);
    expect(reading.fields.input_tokens).toBe(3);
    expect(reading.fields.output_tokens).toBeLessThan(100);
  });
});

describe('an Anthropic-shaped stream that its caller leaves', () => {
  const event = (type: string, rest: object) => `event: ${type}\n${line({ type, ...rest })}`;
  const start = event('message_start', { message: { model: 'm', usage: { input_tokens: 3, output_tokens: 1 } } });
  const text = event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: ' road' } });

  it('is charged the input that was reported and the text that came', () => {
    const { reading } = passed(
      anthropic,
      [start, text, text, text].map((part) => Buffer.from(part)),
      basis,
    );
    expect(reading).toEqual({
      estimated: true,
      fields: { model: 'm', input_tokens: 3, output_tokens: 3, total_tokens: 6 },
    });
  });
});
