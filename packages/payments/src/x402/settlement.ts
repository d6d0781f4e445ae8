import type { SettleResponse, VerifyResponse } from '@tollwright/protocols';
import type { Settlement, Verification } from '../rail.ts';
import type { FacilitatorAnswer } from './facilitator.ts';

/**
 * Refusals that follow from the words of the credential alone: it moved nothing, and never can. A bad signature is none: where
 * the payer's account has code, that code decides, and may decide otherwise in the next block.
 */
const certainFailures: ReadonlySet<string> = new Set([
  'asset_not_deployed_contract',
  'invalid_exact_evm_authorization_value',
  'invalid_exact_evm_eip3009_not_supported',
  'invalid_exact_evm_missing_eip712_domain',
  'invalid_exact_evm_network_mismatch',
  'invalid_exact_evm_payload_authorization_value_mismatch',
  'invalid_exact_evm_payload_recipient_mismatch',
  'invalid_exact_evm_recipient_mismatch',
  'invalid_exact_evm_scheme',
  'invalid_exact_evm_token_name_mismatch',
  'invalid_exact_evm_token_version_mismatch',
  'invalid_network',
  'invalid_payload',
  'invalid_payment_requirements',
  'invalid_permit2_recipient_mismatch',
  'invalid_permit2_spender',
  'invalid_scheme',
  'invalid_x402_version',
  'permit2_amount_mismatch',
  'permit2_token_mismatch',
  'unsupported_payload_type',
  'unsupported_scheme',
]);
const transactionHash = /^0x[0-9a-fA-F]{64}$/;

/** Reads a facilitator's verdict. No verdict is `unavailable`, never `invalid`: the payer is not to blame. */
export function verificationOf(answer: FacilitatorAnswer<VerifyResponse>, payer: string): Verification {
  if (answer.kind === 'no-answer') return { kind: 'unavailable', reason: answer.reason };
  const { isValid, invalidReason, payer: found } = answer.response;
  if (!isValid) return { kind: 'invalid', reason: invalidReason ?? 'invalid_payload' };
  if (found !== undefined && found.toLowerCase() !== payer) return { kind: 'invalid', reason: 'payer_mismatch' };
  return { kind: 'valid' };
}

/**
 * Reads the end of a settlement. Lack of funds or allowance, expiry, a used nonce and a failed transaction are doubts, not failures:
 * whoever saw the authorization on its way may have settled it in our place. So is success with another amount than was asked.
 */
export function settlementOf(answer: FacilitatorAnswer<SettleResponse>, amountAtomic: bigint): Settlement {
  if (answer.kind === 'no-answer') {
    return { kind: 'unknown', reason: answer.reason, transaction: null, isUnanswered: true };
  }
  const { success, transaction, amount, errorReason } = answer.response;
  const hash = transactionHash.test(transaction) ? transaction : null;
  if (success) {
    if (hash === null) return { kind: 'unknown', reason: 'success_without_transaction', transaction: null };
    if (amount === undefined || amount === amountAtomic.toString()) return { kind: 'settled', transaction: hash };
    return { kind: 'unknown', reason: 'settled_for_another_amount', transaction: hash };
  }
  const reason = errorReason ?? 'unexpected_settle_error';
  if (hash === null && certainFailures.has(reason)) return { kind: 'failed', reason };
  return { kind: 'unknown', reason, transaction: hash };
}
