import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseScanner } from './sse-scanner.ts';

const usage = { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 };
const stream = (lineBreak: string, text: string) =>
  [
    ': a comment',
    '',
    `data: ${JSON.stringify({ model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: text } }] })}`,
    '',
    'event: note',
    'data: not json',
    '',
    `data:${JSON.stringify({ model: 'm', choices: [], usage })}`,
    '',
    'data: [DONE]',
    '',
    '',
  ].join(lineBreak);

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
}

function scan(chunks: readonly Buffer[]) {
  const scanner = new SseScanner({ kind: 'openai' });
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return { fields: { ...scanner.fields }, generatedBytes: scanner.generated.bytes, complete: scanner.complete };
}

/** Any character. A ready-made alphabet of all of Unicode takes a second to set up. */
const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

describe('SSE scanner', () => {
  it('reads the same fields however the stream is cut, with any line break and any characters', () => {
    const breaks = fc.constantFrom('\n', '\r\n', '\r');
    const places = fc.array(fc.nat(10_000), { maxLength: 40 });
    fc.assert(
      fc.property(breaks, fc.string({ unit: character, maxLength: 60 }), places, (lineBreak, text, at) => {
        const bytes = Buffer.from(stream(lineBreak, text.replace(/[\ud800-\udfff]/g, '')), 'utf8');
        const whole = scan([bytes]);
        expect(whole.fields).toEqual({ model: 'm', input_tokens: 12, output_tokens: 34, total_tokens: 46 });
        expect(whole.complete).toBe(true);
        expect(scan(cut(bytes, at))).toEqual(whole);
      }),
    );
  });

  it('byte by byte is no exception', () => {
    const bytes = Buffer.from(stream('\r\n', 'höflich 🚦'), 'utf8');
    expect(scan([...bytes].map((byte) => Buffer.from([byte])))).toEqual(scan([bytes]));
  });
});
