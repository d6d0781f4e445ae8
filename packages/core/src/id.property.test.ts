import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeId } from './id.ts';

const moment = fc.integer({ min: 0, max: 2 ** 48 });
const random = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('ids', () => {
  it('sort by the time of their creation, whatever is random', () => {
    fc.assert(
      fc.property(moment, moment, random, random, (a, b, randomA, randomB) => {
        fc.pre(a !== b);
        expect(makeId('event', a, randomA) < makeId('event', b, randomB)).toBe(a < b);
      }),
    );
  });

  it('of one millisecond are equal only when all 80 random bits are', () => {
    fc.assert(
      fc.property(moment, random, fc.nat(79), (atMs, bytes, bit) => {
        const flipped = bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(makeId('event', atMs, flipped)).not.toBe(makeId('event', atMs, bytes));
        expect(makeId('event', atMs, bytes.slice())).toBe(makeId('event', atMs, bytes));
      }),
    );
  });
});
