/** Why an issuer says no. */
export type Decline = { readonly code: string; readonly declineCode: string | null };

/**
 * What becomes of a payment with a test method.
 * - `declined`: `at` says whether saving it fails too;
 * - `authentication`: the payer has to act; `unless-set-up` spares who was set up for it before; `then` is what follows;
 * - `delayed`: it is processing first; `open` until somebody settles it.
 */
export type Outcome =
  | { readonly kind: 'approved'; readonly dispute: Dispute | null }
  | { readonly kind: 'declined'; readonly decline: Decline; readonly at: 'saving' | 'charge' }
  | { readonly kind: 'authentication'; readonly when: 'always' | 'unless-set-up'; readonly then: Decline | null }
  | { readonly kind: 'delayed'; readonly result: 'succeeded' | 'failed' | 'open'; readonly decline: Decline };

/** A dispute that follows at once. */
export type Dispute = { readonly reason: string; readonly inquiry: boolean };

/** What becomes of a refund to it. */
export type RefundOutcome = 'succeeded' | 'pending' | 'failed';

/** A payment method of the test mode, as `pm_card_visa` names one. */
export type TestMethod = {
  readonly outcome: Outcome;
  readonly refund: RefundOutcome;
  readonly face: CardFace | BankFace;
};

export type CardFace = {
  readonly type: 'card';
  readonly brand: string;
  readonly last4: string;
  readonly country: string;
  readonly funding: 'credit' | 'debit' | 'prepaid';
};
export type BankFace = { readonly type: 'us_bank_account'; readonly last4: string };

const messages: Readonly<Record<string, string>> = {
  card_declined: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
  payment_intent_authentication_failure:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  setup_intent_authentication_failure:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  payment_method_provider_decline: 'The payment was declined by the bank.',
};

/** What a person is told about a decline. */
export function messageOf({ code, declineCode }: Decline): string {
  return messages[declineCode ?? ''] ?? messages[code] ?? 'Your payment method was declined.';
}

/** What errors and failed intents say of a decline. */
export function declineFields(decline: Decline): { code: string; message: string; decline_code?: string } {
  const { code, declineCode } = decline;
  return { code, message: messageOf(decline), ...(declineCode === null ? {} : { decline_code: declineCode }) };
}
