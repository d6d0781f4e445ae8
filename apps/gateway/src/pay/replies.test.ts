import type { Claim } from '@tollwright/state';
import { describe, expect, it } from 'vitest';
import { takenProblem } from './replies.ts';

const claim: Claim = {
  ...{ claimKey: 'x402:a', paymentId: 'pay_1', callId: 'spl_1-1', spoolId: 'spl_1', requestHash: 'hash' },
  ...{ state: 'settled', version: 3, transaction: '0x01', reason: null },
};

describe('a payment that is shown again', () => {
  it.each([
    ['settled and answered', {}, 'payment-used', { state: 'settled', transaction: '0x01' }],
    [
      'settled while nobody was answered: it says so',
      { reason: 'settled_without_answer' },
      'payment-used',
      { paymentId: 'pay_1', reason: 'settled_without_answer' },
    ],
    [
      'that goes back, for its call was not served',
      { state: 'refunding', reason: 'settled_without_answer' },
      'payment-used',
      { state: 'refunding', reason: 'settled_without_answer' },
    ],
    ['of a running call', { state: 'settling' }, 'payment-in-progress', { state: 'settling' }],
    ['for another request', { state: 'settling', requestHash: 'other' }, 'idempotency-mismatch', {}],
    ['in doubt', { state: 'unknown', reason: 'no answer' }, 'payment-unknown', { state: 'unknown' }],
  ] as const)('%s', (_what, override, slug, members) => {
    const problem = takenProblem({ ...claim, ...override }, 'hash');
    expect(problem).toMatchObject({ slug, members });
    expect('reason' in (problem?.members ?? {})).toBe('reason' in members);
  });

  it('failed: a new one may be asked for', () => {
    expect(takenProblem({ ...claim, state: 'failed' }, 'hash')).toBeNull();
  });
});
