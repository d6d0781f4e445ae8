import { describe, expect, it } from 'vitest';
import { nanoUsd, parseUsd, ZERO_USD } from './money.ts';
import { feeOf, netOf } from './rail-fee.ts';

const card = { fixedNanoUsd: parseUsd('0.30'), basisPoints: 290, gasNanoUsd: ZERO_USD };
const chain = { fixedNanoUsd: parseUsd('0.001'), basisPoints: 0, gasNanoUsd: parseUsd('0.0004') };

describe('feeOf', () => {
  it.each([
    ['a share of the amount and a fixed part', card, '1.00', '0.329'],
    ['gas and a fixed part, whatever the amount', chain, '100.00', '0.0014'],
    ['no share of nothing', card, '0.00', '0.30'],
  ])('is %s', (_what, fee, arrived, expected) => {
    expect(feeOf(fee, parseUsd(arrived))).toBe(parseUsd(expected));
  });

  it('rounds a share up to the billionth', () => {
    expect(feeOf({ ...card, fixedNanoUsd: ZERO_USD }, nanoUsd(1n))).toBe(1n);
  });
});

describe('netOf', () => {
  it('is what is left, and less than nothing where the fee is more', () => {
    expect(netOf(card, parseUsd('1.00'))).toBe(parseUsd('0.671'));
    expect(netOf(card, parseUsd('0.10'))).toBe(parseUsd('-0.2029'));
  });
});
