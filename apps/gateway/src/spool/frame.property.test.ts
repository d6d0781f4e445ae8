import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_HEAD_BYTES, readFrames, writeFrame } from './frame.ts';

function segmentOf(records: readonly string[]): Buffer {
  const buffer = Buffer.alloc(records.reduce((sum, text) => sum + FRAME_HEAD_BYTES + Buffer.byteLength(text), 0));
  let offset = 0;
  for (const text of records) offset = writeFrame(buffer, offset, text);
  return buffer;
}

/** Any character. A ready-made alphabet of all of Unicode takes a second to set up. */
const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
const texts = fc.array(
  fc.string({ unit: character, minLength: 1, maxLength: 40 }).map((text) => JSON.stringify(text)),
  {
    minLength: 1,
    maxLength: 6,
  },
);

describe('frames', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(texts, (records) => {
        expect(readFrames(segmentOf(records)).records).toEqual(records);
      }),
    );
  });

  it('cut at every byte: every whole record before the cut is read, and nothing else', () => {
    fc.assert(
      fc.property(texts, (records) => {
        const segment = segmentOf(records);
        for (let cut = 0; cut <= segment.length; cut++) {
          const { records: read, validBytes } = readFrames(segment.subarray(0, cut));
          expect(read).toEqual(records.slice(0, read.length));
          expect(segmentOf(read).length).toBe(validBytes);
          const next = records[read.length];
          if (next !== undefined) expect(cut - validBytes).toBeLessThan(FRAME_HEAD_BYTES + Buffer.byteLength(next));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('with a flipped bit: no record from there on is believed', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(7), (records, place, bit) => {
        const segment = segmentOf(records);
        const at = place % segment.length;
        segment[at] = (segment[at] ?? 0) ^ (1 << bit);
        const { records: read, validBytes } = readFrames(segment);
        expect(read).toEqual(records.slice(0, read.length));
        expect(validBytes).toBeLessThanOrEqual(at);
      }),
    );
  });

  it('that do not fit are not written', () => {
    expect(writeFrame(Buffer.alloc(10), 0, 'abc')).toBe(-1);
  });
});
