import { describe, expect, it } from 'vitest';
import { reserve, settle } from './budget.ts';

describe('reserve', () => {
  it('grants up to the last unit', () => {
    expect(reserve(100n, { spent: 30n, held: 20n }, 50n)).toEqual({
      kind: 'granted',
      counter: { spent: 30n, held: 70n },
    });
  });

  it('refuses a price above what remains; running calls could make room', () => {
    expect(reserve(100n, { spent: 30n, held: 20n }, 51n)).toEqual({ kind: 'held', remaining: 50n });
  });

  it('refuses for good what does not fit beside what is spent', () => {
    expect(reserve(100n, { spent: 30n, held: 20n }, 71n)).toEqual({ kind: 'exhausted', remaining: 50n });
  });

  it('grants zero while the limit is kept, also when nothing remains', () => {
    expect(reserve(100n, { spent: 100n, held: 0n }, 0n).kind).toBe('granted');
  });

  it('a limit lowered below what is spent leaves nothing, not less than nothing', () => {
    expect(reserve(10n, { spent: 30n, held: 20n }, 1n)).toEqual({ kind: 'exhausted', remaining: 0n });
    expect(reserve(40n, { spent: 30n, held: 20n }, 1n)).toEqual({ kind: 'held', remaining: 0n });
  });

  it('a negative amount is a defect of the caller', () => {
    expect(() => reserve(100n, { spent: 0n, held: 0n }, -1n)).toThrow(RangeError);
  });
});

describe('settle', () => {
  it('charges what was used and releases the rest', () => {
    expect(settle({ spent: 5n, held: 50n }, 20n, 8n)).toEqual({
      ...{ counter: { spent: 13n, held: 30n }, charged: 8n, shortfall: 0n },
    });
  });

  it('charges at most what was held; the rest is the shortfall', () => {
    expect(settle({ spent: 5n, held: 50n }, 20n, 60n)).toEqual({
      ...{ counter: { spent: 25n, held: 30n }, charged: 20n, shortfall: 40n },
    });
  });

  it('nothing used releases everything', () => {
    expect(settle({ spent: 5n, held: 20n }, 20n, 0n).counter).toEqual({ spent: 5n, held: 0n });
  });

  it('a hold larger than what is held is a defect of the caller', () => {
    expect(() => settle({ spent: 0n, held: 19n }, 20n, 1n)).toThrow(RangeError);
  });

  it('so is a negative use: it would give money back', () => {
    expect(() => settle({ spent: 5n, held: 20n }, 20n, -1n)).toThrow(RangeError);
  });
});
