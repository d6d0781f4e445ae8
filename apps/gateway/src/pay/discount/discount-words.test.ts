import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { tierWords } from './discount-words.ts';

describe('a rule in words', () => {
  it.each([
    [1, '10 % off from the 2nd call of a month'],
    [2, '10 % off from the 3rd call of a month'],
    [10, '10 % off from the 11th call of a month'],
    [20, '10 % off from the 21st call of a month'],
    [100, '10 % off from the 101st call of a month'],
    [1_000_000_000, '10 % off from the 1,000,000,001st call of a month'],
  ])('names the first call after %d that costs less', (from, words) => {
    expect(tierWords({ period: 'month', tiers: [{ measure: 'calls', from, percentOff: 10 }] })).toEqual([words]);
  });

  it('names what has to be paid, and each tier in its order', () => {
    const tiers = [
      { measure: 'usd' as const, fromNanoUsd: nanoUsd(5_000_000_000n), percentOff: 50 },
      { measure: 'calls' as const, from: 3, percentOff: 5 },
    ];
    expect(tierWords({ period: 'day', tiers })).toEqual([
      '50 % off once 5.00 USD are paid in a day',
      '5 % off from the 4th call of a day',
    ]);
  });
});
