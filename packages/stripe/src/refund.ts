import Stripe from 'stripe';
import type { StripeClient } from './clients.ts';

/** How a refund stands. `unavailable`: Stripe did not say. */
export type RefundOutcome =
  | { readonly kind: 'refunded'; readonly transaction: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What goes back of a charge, in the smallest unit of its currency. It is paid once for its idempotency key. */
export type RefundWanted = {
  readonly transaction: string;
  readonly amountMinor: bigint;
  readonly idempotencyKey: string;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Gives money of a charge back, or finds out about it: to be called until it has ended. Never throws. */
export async function refundCharge(client: StripeClient, wanted: RefundWanted): Promise<RefundOutcome> {
  const { transaction, amountMinor, idempotencyKey, metadata } = wanted;
  try {
    const parameters = { payment_intent: transaction, amount: Number(amountMinor), metadata: { ...metadata } };
    const made = await client.refunds.create(parameters, { idempotencyKey });
    // The stored answer of an earlier request says how it stood then.
    const refund = await client.refunds.retrieve(made.id);
    return outcomeOf(refund);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
      return { kind: 'failed', reason: `stripe_${error.code ?? 'invalid_request'}` };
    }
    return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}

function outcomeOf({ id, status, failure_reason }: Stripe.Refund): RefundOutcome {
  switch (status) {
    case 'succeeded':
      return { kind: 'refunded', transaction: id };
    case 'failed':
    case 'canceled':
      return { kind: 'failed', reason: failure_reason ?? status };
    default:
      return { kind: 'open' };
  }
}
