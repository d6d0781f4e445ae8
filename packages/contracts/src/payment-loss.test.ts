import { describe, expect, it } from 'vitest';
import { lossOf, lossOfPayment } from './payment-loss.ts';

describe('lossOf', () => {
  it.each([
    ['invalid_exact_evm_payload_recipient_mismatch', 'other-call'],
    ['invalid_exact_evm_payload_authorization_value_mismatch', 'other-call'],
    ['invalid_exact_evm_payload_authorization_valid_before', 'expired'],
    ['permit2_deadline_expired', 'expired'],
    ['permit2_not_yet_valid', 'expired'],
    ['invalid_exact_evm_payload_signature', 'bad-signature'],
    ['invalid-signature', 'bad-signature'],
    ['insufficient_funds', 'no-funds'],
    ['permit2_allowance_required', 'no-funds'],
    ['invalid_exact_evm_transaction_simulation_failed', 'would-fail'],
    ['malformed-credential', 'unreadable'],
    ['invalid-payload', 'unreadable'],
    ['unsupported_payload_type', 'unreadable'],
    ['invalid-challenge', 'other-call'],
    ['memo-of-another-challenge', 'other-call'],
    ['transaction-of-another-chain', 'other-call'],
    ['facilitator_unreachable: timeout', 'not-checked'],
    ['card_declined', 'declined'],
    ['upstream answered 503', 'not-served'],
    ['nothing was owed', 'nothing-owed'],
    ['something that no rail says', 'other'],
  ] as const)('%s is %s', (reason, loss) => {
    expect(lossOf(reason)).toBe(loss);
  });
});

describe('lossOfPayment', () => {
  it.each([
    ['settled', null, null],
    ['settling', null, null],
    ['settled', 'settled_without_answer', 'not-served'],
    ['refunded', 'upstream answered 500', 'not-served'],
    ['refunded', null, null],
    ['failed', 'authorization_canceled', 'not-settled'],
    ['failed', 'card_declined', 'declined'],
    ['unknown', 'facilitator_status_500', 'in-doubt'],
    ['released', 'insufficient_funds', 'no-funds'],
  ] as const)('of %s, because of %s, is %s', (state, reason, loss) => {
    expect(lossOfPayment({ state, reason })).toBe(loss);
  });
});
