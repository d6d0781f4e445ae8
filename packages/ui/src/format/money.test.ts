import { describe, expect, it } from 'vitest';
import { formatNanoUsdCompact, formatNanoUsdExact } from './money.ts';

describe('formatNanoUsdExact', () => {
  it.each([
    ['0', '0.00'],
    ['1', '0.000000001'],
    ['75000', '0.000075'],
    ['10000000', '0.01'],
    ['1284100000000', '1,284.10'],
    ['-1284100000001', '-1,284.100000001'],
    ['9000000000000000', '9,000,000.00'],
    ['9007199254740993000000001', '9,007,199,254,740,993.000000001'],
  ])('writes every digit of %s nano-dollars: %s', (nanoUsd, text) => {
    expect(formatNanoUsdExact(nanoUsd)).toBe(text);
  });

  it('refuses what is not whole', () => {
    expect(() => formatNanoUsdExact('0.5')).toThrow(RangeError);
    expect(() => formatNanoUsdExact('')).toThrow(RangeError);
  });
});

describe('formatNanoUsdCompact', () => {
  it.each([
    ['0', '0.00'],
    ['1', '0.000000001'],
    ['75000', '0.000075'],
    ['1234567', '0.00123'],
    ['99960000', '0.10'],
    ['846215000', '0.85'],
    ['4231075000', '4.23'],
    ['4235000000', '4.24'],
    ['99999990000000', '99,999.99'],
    ['99999999999999', '100,000.00'],
    ['128400000000000', '128k'],
    ['1284100000000000', '1.3M'],
    ['-75000', '-0.000075'],
  ])('writes %s nano-dollars as %s', (nanoUsd, text) => {
    expect(formatNanoUsdCompact(nanoUsd)).toBe(text);
  });
});
