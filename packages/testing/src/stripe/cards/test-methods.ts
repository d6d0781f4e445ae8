import type { BankFace, CardFace, Decline, Outcome, TestMethod } from './outcome.ts';

const approved: Outcome = { kind: 'approved', dispute: null };
const visa: CardFace = { type: 'card', brand: 'visa', last4: '4242', country: 'US', funding: 'credit' };
const bank: BankFace = { type: 'us_bank_account', last4: '6789' };

/** Every test payment method that the double knows, by Stripe's own name for it. */
const methods: ReadonlyMap<string, TestMethod> = new Map([
  card('pm_card_visa', {}),
  card('pm_card_visa_debit', { last4: '5556', funding: 'debit' }),
  card('pm_card_mastercard', { brand: 'mastercard', last4: '4444' }),
  card('pm_card_mastercard_debit', { brand: 'mastercard', last4: '3222', funding: 'debit' }),
  card('pm_card_amex', { brand: 'amex', last4: '0005' }),
  card('pm_card_discover', { brand: 'discover', last4: '1117' }),
  card('pm_card_us', {}),
  card('pm_card_de', { last4: '0016', country: 'DE' }),
  card('pm_card_fr', { last4: '0003', country: 'FR' }),
  card('pm_card_gb', { last4: '0000', country: 'GB' }),
  card('pm_card_jp', { last4: '0003', country: 'JP' }),
  ...['pm_card_chargeDeclined', 'pm_card_visa_chargeDeclined'].map((name) =>
    declined(name, '0002', { code: 'card_declined', declineCode: 'generic_decline' }),
  ),
  ...['pm_card_chargeDeclinedInsufficientFunds', 'pm_card_visa_chargeDeclinedInsufficientFunds'].map((name) =>
    declined(name, '9995', { code: 'card_declined', declineCode: 'insufficient_funds' }),
  ),
  declined('pm_card_visa_chargeDeclinedLostCard', '9987', { code: 'card_declined', declineCode: 'lost_card' }),
  declined('pm_card_visa_chargeDeclinedStolenCard', '9979', { code: 'card_declined', declineCode: 'stolen_card' }),
  declined('pm_card_chargeDeclinedExpiredCard', '0069', { code: 'expired_card', declineCode: 'expired_card' }),
  declined('pm_card_chargeDeclinedIncorrectCvc', '0127', { code: 'incorrect_cvc', declineCode: 'incorrect_cvc' }),
  declined('pm_card_chargeDeclinedProcessingError', '0119', {
    code: 'processing_error',
    declineCode: 'processing_error',
  }),
  declined('pm_card_visa_chargeDeclinedVelocityLimitExceeded', '6975', {
    code: 'card_declined',
    declineCode: 'card_velocity_exceeded',
  }),
  declined('pm_card_radarBlock', '0019', { code: 'card_declined', declineCode: 'fraudulent' }),
  card('pm_card_chargeCustomerFail', { last4: '0341' }, { outcome: failing('card_declined', 'generic_decline') }),
  authenticated('pm_card_authenticationRequired', '3184', 'always', null),
  authenticated('pm_card_threeDSecure2Required', '3220', 'always', null),
  authenticated('pm_card_authenticationRequiredOnSetup', '3155', 'unless-set-up', null),
  authenticated('pm_card_authenticationRequiredChargeDeclinedInsufficientFunds', '3178', 'always', {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
  }),
  card('pm_card_createDispute', { last4: '0259' }, { outcome: disputed('fraudulent', false) }),
  card(
    'pm_card_createDisputeProductNotReceived',
    { last4: '2685' },
    { outcome: disputed('product_not_received', false) },
  ),
  card('pm_card_createDisputeInquiry', { last4: '1976' }, { outcome: disputed('fraudulent', true) }),
  card('pm_card_pendingRefund', { last4: '7726' }, { refund: 'pending' }),
  card('pm_card_refundFail', { last4: '5126' }, { refund: 'failed' }),
  delayed('pm_usBankAccount', 'succeeded', 'insufficient_funds'),
  delayed('pm_usBankAccount_success', 'succeeded', 'insufficient_funds'),
  delayed('pm_usBankAccount_processing', 'open', 'insufficient_funds'),
  delayed('pm_usBankAccount_insufficientFunds', 'failed', 'insufficient_funds'),
  delayed('pm_usBankAccount_accountClosed', 'failed', 'account_closed'),
  delayed('pm_usBankAccount_noAccount', 'failed', 'no_account'),
  delayed('pm_usBankAccount_debitNotAuthorized', 'failed', 'debit_not_authorized'),
]);

/** The test method with a name, of a payment method (`pm_card_visa`) or of a card token (`tok_visa`). */
export function testMethod(name: string): TestMethod | undefined {
  return methods.get(name) ?? methods.get(name.replace(/^tok_/, 'pm_card_'));
}

function card(
  name: string,
  face: Partial<CardFace>,
  { outcome = approved, refund = 'succeeded' }: Partial<Omit<TestMethod, 'face'>> = {},
): [string, TestMethod] {
  return [name, { outcome, refund, face: { ...visa, ...face } }];
}

function declined(name: string, last4: string, decline: Decline): [string, TestMethod] {
  return card(name, { last4 }, { outcome: { kind: 'declined', decline, at: 'saving' } });
}

function failing(code: string, declineCode: string): Outcome {
  return { kind: 'declined', decline: { code, declineCode }, at: 'charge' };
}

function authenticated(
  name: string,
  last4: string,
  when: 'always' | 'unless-set-up',
  then: Decline | null,
): [string, TestMethod] {
  return card(name, { last4 }, { outcome: { kind: 'authentication', when, then } });
}

function disputed(reason: string, inquiry: boolean): Outcome {
  return { kind: 'approved', dispute: { reason, inquiry } };
}

function delayed(name: string, result: 'succeeded' | 'failed' | 'open', failureCode: string): [string, TestMethod] {
  const decline = { code: 'payment_method_provider_decline', declineCode: failureCode };
  return [name, { outcome: { kind: 'delayed', result, decline }, refund: 'pending', face: bank }];
}
