import { describe, expect, it } from 'vitest';
import { add, ceil, floor, formatDecimal, multiply, parseDecimal, rational, ZERO } from './rational.ts';

describe('parseDecimal', () => {
  it.each([
    ['0', 0n, 1n],
    ['2.5', 25n, 10n],
    ['0.15', 15n, 100n],
    ['000.100', 100n, 1_000n],
    ['0.000000000001', 1n, 1_000_000_000_000n],
    ['999999999999', 999_999_999_999n, 1n],
  ])('%s is exact', (text, numerator, denominator) => {
    expect(parseDecimal(text)).toEqual({ numerator, denominator });
  });

  it.each(['', '-1', '+1', '.5', '5.', '1e3', '1,5', 'Infinity', '0.0000000000001', '1000000000000'])(
    'refuses %j',
    (text) => {
      expect(() => parseDecimal(text)).toThrow(RangeError);
    },
  );
});

describe('fractions', () => {
  it('have a positive denominator', () => {
    expect(rational(7n)).toEqual({ numerator: 7n, denominator: 1n });
    expect(() => rational(1n, 0n)).toThrow(RangeError);
    expect(() => rational(1n, -2n)).toThrow(RangeError);
  });

  it('add and multiply without loss', () => {
    expect(ceil(multiply(add(rational(1n, 3n), rational(1n, 6n)), rational(2n)))).toBe(1n);
    expect(floor(add(ZERO, rational(2n, 3n)))).toBe(0n);
  });

  it.each([
    [0n, 1n, 0n, 0n],
    [1n, 3n, 1n, 0n],
    [3n, 3n, 1n, 1n],
    [4n, 3n, 2n, 1n],
    [1n, 10n ** 30n, 1n, 0n],
  ])('%d/%d lies between its ceiling %d and its floor %d', (numerator, denominator, up, down) => {
    expect([ceil(rational(numerator, denominator)), floor(rational(numerator, denominator))]).toEqual([up, down]);
  });

  it('a negative fraction is rounded up towards zero', () => {
    expect(ceil(rational(-1n, 3n))).toBe(0n);
    expect(ceil(rational(-4n, 3n))).toBe(-1n);
  });
});

describe('formatDecimal', () => {
  it.each([
    [0n, 1n, '0'],
    [21n, 70n, '0.3'],
    [10n, 4n, '2.5'],
    [7n, 1_000_000_000n, '0.000000007'],
    [12n, 1n, '12'],
  ])('%s/%s is %s', (numerator, denominator, text) => {
    expect(formatDecimal(rational(numerator, denominator))).toBe(text);
  });

  it('refuses what no decimal equals', () => {
    expect(() => formatDecimal(rational(1n, 3n))).toThrow(RangeError);
  });
});
