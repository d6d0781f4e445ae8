import { describe, expect, it } from 'vitest';
import { stepUpText } from './step-up-text.ts';

const none = { stepUpAboveNanoUsd: null, stepUpPayerAboveNanoUsd: null, stepUpNeeds: 'verified-payer' } as const;

describe('limits in words', () => {
  it.each([
    [none, 'no limits'],
    [{ ...none, stepUpAboveNanoUsd: '25000000000' }, 'a payer that you verified above 25.00 USD a payment'],
    [
      { stepUpAboveNanoUsd: '500', stepUpPayerAboveNanoUsd: '100000000000', stepUpNeeds: 'owner-approval' as const },
      "an owner's approval above 0.0000005 USD a payment or above 100.00 USD of a payer in a day",
    ],
  ])('say what is needed, and above what', (limits, words) => {
    expect(stepUpText(limits)).toBe(words);
  });
});
