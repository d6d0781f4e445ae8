import { describe, expect, it } from 'vitest';
import { policyName, resultOf } from './words.ts';

describe('policyName', () => {
  it.each([
    ['rate-limit:burst', 'Rate limit burst'],
    ['rate-limit:default', 'Rate limit'],
    ['budget:bud_01k', 'Budget'],
    ['quota:tokens', 'Quota tokens'],
    ['api-key', 'API key'],
    ['payment', 'Payment'],
    ['unbounded-call', 'The price of this call has no upper bound'],
    ['of-tomorrow', 'of-tomorrow'],
  ])('%s is %s', (policy, words) => {
    expect(policyName(policy)).toBe(words);
  });
});

describe('resultOf', () => {
  const granted = { outcome: 'granted', refusedBy: null, wouldRefuse: [], problem: null } as const;

  it.each([
    [{ ...granted }, 'Allowed', 'green'],
    [{ ...granted, wouldRefuse: ['rate-limit:trial'] }, 'Would be refused: Rate limit trial', 'amber'],
    [{ ...granted, outcome: 'refused', refusedBy: 'scopes' } as const, 'Refused: Scopes', 'red'],
    [{ ...granted, outcome: 'refused', problem: 'draining' } as const, 'Refused: This gateway is shutting down', 'red'],
  ])('%j', (trace, words, tone) => {
    expect(resultOf(trace)).toEqual({ tone, words });
  });
});
