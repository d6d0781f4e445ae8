import { describe, expect, it } from 'vitest';
import { formatQuantityCompact, formatQuantityExact, unitFor } from './quantity.ts';

describe('formatQuantityCompact', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1k'],
    ['1049', '1k'],
    ['1050', '1.1k'],
    ['3421', '3.4k'],
    ['99949', '99.9k'],
    ['99950', '100k'],
    ['128499', '128k'],
    ['999499', '999k'],
    ['999500', '1M'],
    ['1234567', '1.2M'],
    ['2000000000', '2B'],
    ['999999999999999999', '1,000,000T'],
    ['-3421', '-3.4k'],
  ])('writes %s as %s', (value, text) => {
    expect(formatQuantityCompact(value)).toBe(text);
  });
});

describe('formatQuantityExact', () => {
  it('keeps every digit of numbers that no float holds', () => {
    expect(formatQuantityExact('9007199254740993')).toBe('9,007,199,254,740,993');
  });

  it('refuses a number that has already lost digits', () => {
    expect(() => formatQuantityExact(2 ** 53)).toThrow(RangeError);
  });
});

describe('unitFor', () => {
  it('knows one from many', () => {
    const unit = { one: 'call', other: 'calls' };
    expect([unitFor('1', unit), unitFor('0', unit), unitFor('2', unit), unitFor('1', 'tokens')]).toEqual([
      'call',
      'calls',
      'calls',
      'tokens',
    ]);
  });
});
