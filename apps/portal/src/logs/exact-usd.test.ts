import { describe, expect, it } from 'vitest';
import { exactUsd } from './exact-usd.ts';

describe('exactUsd', () => {
  it.each([
    ['0', '0.00'],
    ['150', '0.00000015'],
    ['49950.000000007', '0.000049950000000007'],
    ['1000000000', '1.00'],
    ['1234567000000000', '1,234,567.00'],
    ['12.5', '0.0000000125'],
  ])('%s nano-dollars are %s dollars', (nanoUsd, usd) => {
    expect(exactUsd(nanoUsd)).toBe(usd);
  });
});
