import { describe, expect, it } from 'vitest';
import { settlementOf, verificationOf } from './settlement.ts';

const hash = `0x${'0c'.repeat(32)}`;
const payer = `0x${'aa'.repeat(20)}`;
const answered = (response: { success: boolean; transaction: string; errorReason?: string }) =>
  settlementOf({ kind: 'answered', response: { network: 'eip155:84532', ...response } });

describe('settlement', () => {
  it('is settled only with a transaction', () => {
    expect(answered({ success: true, transaction: hash })).toEqual({ kind: 'settled', transaction: hash });
    expect(answered({ success: true, transaction: '' }).kind).toBe('unknown');
  });

  it('is failed when the words of the credential can never move money', () => {
    expect(answered({ success: false, transaction: '', errorReason: 'invalid_exact_evm_signature' })).toEqual({
      kind: 'failed',
      reason: 'invalid_exact_evm_signature',
    });
  });

  it.each([
    ['settlement_pending', hash],
    ['invalid_exact_evm_transaction_failed', ''],
    ['invalid_exact_evm_transaction_failed', hash],
    ['invalid_exact_evm_nonce_already_used', ''],
    ['invalid_exact_evm_insufficient_balance', ''],
    ['invalid_exact_evm_payload_authorization_valid_before', ''],
    ['invalid_exact_evm_signature', hash],
    ['something_new', ''],
  ])('is unknown after %s', (errorReason, transaction) => {
    expect(answered({ success: false, transaction, errorReason }).kind).toBe('unknown');
  });

  it('is unknown when no answer came', () => {
    expect(settlementOf({ kind: 'no-answer', reason: 'timeout' }).kind).toBe('unknown');
  });
});

describe('verification', () => {
  it('without a verdict is unavailable, never invalid', () => {
    expect(verificationOf({ kind: 'no-answer', reason: 'timeout' }, payer).kind).toBe('unavailable');
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
