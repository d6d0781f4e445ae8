import { describe, expect, it } from 'vitest';
import { formatUsd, minUsd, NANO_USD_MAX, type NanoUsd, nanoUsd, parseUsd, sumUsd, ZERO_USD } from './money.ts';

describe('parseUsd', () => {
  it.each([
    ['0', 0n],
    ['0.01', 10_000_000n],
    ['5', 5_000_000_000n],
    ['0.000000001', 1n],
    ['1284.10', 1_284_100_000_000n],
    ['9999999.999999999', 9_999_999_999_999_999n],
    ['-0.5', -500_000_000n],
    ['-0', 0n],
    [' 2.50 ', 2_500_000_000n],
    ['0007', 7_000_000_000n],
  ])('%s is %d nano-dollars', (text, amount) => {
    expect(parseUsd(text)).toBe(amount);
  });

  it.each(['', '.', '.5', '5.', '1e3', '+1', '--1', '1,000', '0x10', '1_000', 'NaN', '$1', '1 2', '٣', '10000000'])(
    'refuses %j',
    (text) => {
      expect(() => parseUsd(text)).toThrow(RangeError);
    },
  );

  it('refuses a tenth decimal instead of rounding it', () => {
    expect(() => parseUsd('0.0000000001')).toThrow('at most 9 decimals');
  });
});

describe('formatUsd', () => {
  it.each([
    [0n, '0.00'],
    [1n, '0.000000001'],
    [75_000n, '0.000075'],
    [10_000_000n, '0.01'],
    [1_284_100_000_000n, '1284.10'],
    [-500_000_000n, '-0.50'],
    [-1n, '-0.000000001'],
    [NANO_USD_MAX, '9000000.00'],
  ])('%d nano-dollars are %s', (amount, text) => {
    expect(formatUsd(nanoUsd(amount))).toBe(text);
  });

  it('pads to the decimals asked for and never cuts', () => {
    expect(formatUsd(nanoUsd(1_000_000_000n), 0)).toBe('1');
    expect(formatUsd(nanoUsd(1_000_000_000n), 4)).toBe('1.0000');
    expect(formatUsd(nanoUsd(1_234_567_891n), 0)).toBe('1.234567891');
  });
});

describe('amounts', () => {
  it('sum of nothing is zero', () => {
    expect(sumUsd([])).toBe(ZERO_USD);
  });

  it('sum and minimum keep every nano where floats would not', () => {
    const large = nanoUsd(9_007_199_254_740_993n);
    expect(sumUsd([large, nanoUsd(1n), nanoUsd(-2n)])).toBe(9_007_199_254_740_992n);
    expect(minUsd(large, nanoUsd(9_007_199_254_740_992n))).toBe(9_007_199_254_740_992n);
    expect(minUsd(nanoUsd(-1n), ZERO_USD)).toBe(-1n);
  });

  it('the largest counter is one that every JSON reader keeps exact, neighbours included', () => {
    expect(BigInt(Number(NANO_USD_MAX - 1n))).toBe(NANO_USD_MAX - 1n);
    expect(BigInt(Number(NANO_USD_MAX + 1n))).toBe(NANO_USD_MAX + 1n);
  });

  it('a plain bigint is not money until it is branded', () => {
    // @ts-expect-error the brand is what keeps units apart
    const amount: NanoUsd = 5n;
    expect(amount).toBe(nanoUsd(5n));
  });
});
