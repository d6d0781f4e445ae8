import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, parse } from './parse-harness.ts';

const ANSWERS = [
  'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 11\r\n\r\nhello world',
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0b\r\n world, ok!\r\n0\r\nx-t: 1\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi',
  'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n\r\nuntil the end',
  'HTTP/1.1 204 No Content\r\nset-cookie: a\r\nset-cookie: b\r\n\r\n',
].map(bytesOf);
/** What a header or a chunk is made of, so that a change often matters. */
const MEANINGFUL = [...bytesOf('\r\n\0\t :;,0159afgAF-+x\x7f\x80'), 0x0b, 0x1f];

const byte = fc.oneof(fc.constantFrom(...MEANINGFUL), fc.integer({ min: 0, max: 255 }));
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('replace', 'insert', 'delete', 'repeat'),
  byte,
});

function changed(bytes: Buffer, { at, kind, byte: other }: { at: number; kind: string; byte: number }): Buffer {
  const place = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  const middle = kind === 'repeat' ? after.subarray(0, 12) : Buffer.from(kind === 'delete' ? [] : [other]);
  return Buffer.concat([before, middle, kind === 'replace' || kind === 'delete' ? after.subarray(1) : after]);
}

/** What matters to whoever sits behind the parser: nothing of an answer that is refused may be trusted. */
function meaning(parts: readonly Buffer[], method: string) {
  const told = parse(parts, { method, closes: true });
  return told.complete ? told : { complete: false, isRefused: told.refusal !== null };
}

describe('a damaged answer', () => {
  it('means the same wherever it is cut, and is either whole or refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ANSWERS),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('GET', 'HEAD'),
        (answer, changes, cuts, method) => {
          const bytes = changes.reduce(changed, answer);
          const places = cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
          const parts = [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
          const whole = meaning([bytes], method);
          expect(meaning(parts, method)).toEqual(whole);
          expect(whole).toMatchObject(whole.complete ? { refusal: null } : { isRefused: true });
        },
      ),
      { numRuns: 4_000 },
    );
  });
});
