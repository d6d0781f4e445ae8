import type { PaymentTax } from '@tollwright/contracts';
import Stripe from 'stripe';
import type { StripeClient } from './clients.ts';
import { sharedPaymentVersion, type TokenCharge } from './granted-token.ts';
import { taxMetadata } from './tax.ts';

/**
 * How a charge ended. `failed` is said only when it is certain that nothing was charged and nothing will be; `unknown` may
 * know the payment intent.
 */
export type ChargeOutcome =
  | { readonly kind: 'settled'; readonly transaction: string; readonly tax?: PaymentTax }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly transaction: string | null };

/** A charge is made once for its idempotency key; `metadata` is how it is found again, and read in Stripe's dashboard. */
export type ChargeOrder = TokenCharge & {
  readonly idempotencyKey: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly description?: string;
  /** What a card's statement shows behind the account's name. */
  readonly statementSuffix?: string | undefined;
  /** The tax in it. Left out: none was to be calculated. */
  readonly tax?: PaymentTax | undefined;
};

/**
 * Charges a token, at once and without its owner. Never throws. A calculation that Stripe does not tie to the payment is no reason
 * to lose it: that refusal moved nothing, and the charge is made once more without.
 */
export async function chargeToken(client: StripeClient, order: ChargeOrder): Promise<ChargeOutcome> {
  const { tax } = order;
  try {
    return taxed(await chargeOnce(client, order), tax);
  } catch (error) {
    if (!isOfTheHook(error) || tax?.kind !== 'calculated') return outcomeOfError(error);
    const missing = { kind: 'missing', reason: `stripe_${error.code ?? 'hook_refused'}` } as const;
    const again = { ...order, tax: missing, idempotencyKey: `${order.idempotencyKey}_untaxed` };
    return taxed(await chargeOnce(client, again).catch(outcomeOfError), missing);
  }
}

function taxed(outcome: ChargeOutcome, tax: PaymentTax | undefined): ChargeOutcome {
  return outcome.kind === 'settled' && tax !== undefined ? { ...outcome, tax } : outcome;
}

function isOfTheHook(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError && (error.param ?? '').startsWith('hooks');
}

/** Throws what Stripe refuses. */
async function chargeOnce(client: StripeClient, order: ChargeOrder): Promise<ChargeOutcome> {
  const { description, statementSuffix, tax } = order;
  const parameters = {
    ...{ amount: Number(order.amountMinor), currency: order.currency, confirm: true },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' as const },
    metadata: { ...order.metadata, ...(tax === undefined ? {} : taxMetadata(tax)) },
    ...(description === undefined ? {} : { description }),
    ...(statementSuffix === undefined ? {} : { statement_descriptor_suffix: statementSuffix }),
    ...(tax?.kind === 'calculated' ? { hooks: { inputs: { tax: { calculation: tax.calculation } } } } : {}),
    // The SDK's types do not know it yet.
    shared_payment_granted_token: order.token,
  };
  const options = { apiVersion: sharedPaymentVersion, idempotencyKey: order.idempotencyKey };
  return outcomeOf(client, await client.paymentIntents.create(parameters, options));
}

/** What an intent's status says of the money. One that waits for its payer is cancelled: nobody is there to act. */
export async function outcomeOf(client: StripeClient, { id, status }: Stripe.PaymentIntent): Promise<ChargeOutcome> {
  switch (status) {
    case 'succeeded':
      return { kind: 'settled', transaction: id };
    case 'canceled':
      return { kind: 'failed', reason: 'canceled' };
    case 'requires_payment_method':
      return { kind: 'failed', reason: 'declined' };
    case 'requires_action':
    case 'requires_confirmation':
      return cancelled(client, id);
    default:
      return { kind: 'unknown', reason: `stripe_${status}`, transaction: id };
  }
}

async function cancelled(client: StripeClient, id: string): Promise<ChargeOutcome> {
  try {
    const { status } = await client.paymentIntents.cancel(id, {}, { idempotencyKey: `cancel_${id}` });
    if (status === 'canceled') return { kind: 'failed', reason: 'payment-action-required' };
    return { kind: 'unknown', reason: `stripe_${status}`, transaction: id };
  } catch {
    return { kind: 'unknown', reason: 'stripe_not_canceled', transaction: id };
  }
}

/** A declined card and a refused request moved nothing. Of all else nobody knows. */
export function outcomeOfError(error: unknown): ChargeOutcome {
  const { StripeCardError, StripeInvalidRequestError, StripeAuthenticationError, StripePermissionError } =
    Stripe.errors;
  if (error instanceof StripeCardError) {
    return { kind: 'failed', reason: `card_${error.decline_code ?? error.code ?? 'declined'}` };
  }
  // 409: an earlier request under this key is still at work.
  if (error instanceof StripeInvalidRequestError && error.statusCode !== 409) {
    return { kind: 'failed', reason: `stripe_${error.code ?? 'invalid_request'}` };
  }
  if (error instanceof StripeAuthenticationError || error instanceof StripePermissionError) {
    return { kind: 'failed', reason: 'stripe_refuses_the_key' };
  }
  return { kind: 'unknown', reason: error instanceof Error ? `stripe: ${error.name}` : 'stripe', transaction: null };
}
