import { describe, expect, it } from 'vitest';
import { settlementOf, verificationOf } from './settlement.ts';

const hash = `0x${'0c'.repeat(32)}`;
const payer = `0x${'aa'.repeat(20)}`;
const noAnswer = { kind: 'no-answer', reason: 'timeout', unsent: false } as const;
const answered = (response: { success: boolean; transaction: string; errorReason?: string; amount?: string }) =>
  settlementOf({ kind: 'answered', response: { network: 'eip155:84532', ...response } }, 1_234n);

describe('settlement', () => {
  it('is settled only with a transaction', () => {
    expect(answered({ success: true, transaction: hash })).toEqual({ kind: 'settled', transaction: hash });
    expect(answered({ success: true, transaction: '' }).kind).toBe('unknown');
  });

  it('is unknown when another amount was taken than was asked for', () => {
    expect(answered({ success: true, transaction: hash, amount: '1234' }).kind).toBe('settled');
    expect(answered({ success: true, transaction: hash, amount: '1235' })).toMatchObject({
      kind: 'unknown',
      transaction: hash,
    });
  });

  it('is failed when the words of the credential can never move money', () => {
    const errorReason = 'invalid_exact_evm_recipient_mismatch';
    expect(answered({ success: false, transaction: '', errorReason })).toEqual({ kind: 'failed', reason: errorReason });
  });

  it.each([
    ['settlement_pending', hash],
    ['invalid_exact_evm_transaction_failed', ''],
    ['invalid_exact_evm_transaction_failed', hash],
    ['invalid_exact_evm_nonce_already_used', ''],
    ['invalid_exact_evm_insufficient_balance', ''],
    ['invalid_exact_evm_payload_authorization_valid_before', ''],
    ['invalid_exact_evm_signature', ''],
    ['invalid_permit2_signature', ''],
    ['invalid_exact_evm_recipient_mismatch', hash],
    ['permit2_insufficient_balance', ''],
    ['permit2_allowance_required', ''],
    ['permit2_deadline_expired', ''],
    ['permit2_invalid_nonce', ''],
    ['permit2_simulation_failed', ''],
    ['something_new', ''],
  ])('is unknown after %s', (errorReason, transaction) => {
    const settlement = answered({ success: false, transaction, errorReason });
    expect(settlement.kind).toBe('unknown');
    expect(settlement).not.toHaveProperty('isUnanswered');
  });

  it('is unknown when no answer came', () => {
    expect(settlementOf(noAnswer, 1_234n)).toMatchObject({ kind: 'unknown', isUnanswered: true });
  });
});

describe('verification', () => {
  it('without a verdict is unavailable, never invalid', () => {
    expect(verificationOf(noAnswer, payer).kind).toBe('unavailable');
  });

  it('for another payer is invalid', () => {
    const response = { isValid: true, payer: `0x${'bb'.repeat(20)}` };
    expect(verificationOf({ kind: 'answered', response }, payer).kind).toBe('invalid');
    expect(
      verificationOf(
        { kind: 'answered', response: { isValid: true, payer: payer.toUpperCase().replace('0X', '0x') } },
        payer,
      ).kind,
    ).toBe('valid');
  });
});
