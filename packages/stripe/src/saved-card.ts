import Stripe from 'stripe';
import type { ChargeOrder, ChargeOutcome } from './charge-token.ts';
import { outcomeOf, outcomeOfError } from './charge-token.ts';
import type { StripeClient } from './clients.ts';

/** A page of Stripe on which somebody saves a card for later payments. Opened once for its idempotency key. */
export type CardSetupWanted = {
  /** The customer at Stripe whom the card will belong to; null: a new one. */
  readonly customer: string | null;
  readonly name: string;
  /** `{CHECKOUT_SESSION_ID}` in it becomes the session's id. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly idempotencyKey: string;
};

/** Opens the page. Throws what Stripe refuses. */
export async function openCardSetup(client: StripeClient, wanted: CardSetupWanted) {
  const { name, successUrl, cancelUrl, metadata, idempotencyKey } = wanted;
  const customer = wanted.customer ?? (await newCustomer(client, name, metadata, `${idempotencyKey}_customer`));
  const session = await client.checkout.sessions.create(
    {
      ...{ mode: 'setup', customer, allowed_payment_method_types: ['card'] },
      ...{ success_url: successUrl, cancel_url: cancelUrl, metadata: { ...metadata } },
      setup_intent_data: { metadata: { ...metadata } },
    },
    { idempotencyKey },
  );
  if (session.url === null) throw new Error('the page of Stripe has no address');
  return { customer, session: session.id, url: session.url };
}

async function newCustomer(
  client: StripeClient,
  name: string,
  metadata: CardSetupWanted['metadata'],
  idempotencyKey: string,
): Promise<string> {
  const { id } = await client.customers.create({ name, metadata: { ...metadata } }, { idempotencyKey });
  return id;
}

/** What became of the page. `expMonth` and `expYear` are those on the card. */
export type CardSetup =
  | { readonly kind: 'open' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'saved'; readonly customer: string; readonly paymentMethod: string; readonly card: CardFace };

/** What people know a card by. */
export type CardFace = {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
};

/** Asks what became of a page. Throws when Stripe does not answer. */
export async function readCardSetup(client: StripeClient, session: string): Promise<CardSetup> {
  const read = await client.checkout.sessions.retrieve(session, { expand: ['setup_intent.payment_method'] });
  if (read.status === 'expired') return { kind: 'expired' };
  const intent = typeof read.setup_intent === 'object' ? read.setup_intent : null;
  const method = typeof intent?.payment_method === 'object' ? intent.payment_method : null;
  const customer = typeof read.customer === 'string' ? read.customer : (read.customer?.id ?? null);
  if (read.status !== 'complete' || intent?.status !== 'succeeded' || !method?.card || customer === null) {
    return { kind: 'open' };
  }
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = method.card;
  return { kind: 'saved', customer, paymentMethod: method.id, card: { brand, last4, expMonth, expYear } };
}

/** A charge of a saved card. */
export type CardCharge = Omit<ChargeOrder, 'token' | 'tax'> & {
  readonly customer: string;
  readonly paymentMethod: string;
};

/** Charges a saved card at once, while its owner is away. Never throws. A card that wants its owner is a failure. */
export async function chargeCard(client: StripeClient, order: CardCharge): Promise<ChargeOutcome> {
  const { amountMinor, currency, customer, paymentMethod, metadata, description, idempotencyKey } = order;
  const parameters = {
    ...{ amount: Number(amountMinor), currency, customer, payment_method: paymentMethod },
    ...{ confirm: true, off_session: true, metadata: { ...metadata } },
    ...(description === undefined ? {} : { description }),
  };
  try {
    return await outcomeOf(client, await client.paymentIntents.create(parameters, { idempotencyKey }));
  } catch (error) {
    return outcomeOfError(error);
  }
}

/** Has Stripe forget a card. One that it does not know is forgotten already. */
export async function forgetCard(client: StripeClient, paymentMethod: string): Promise<void> {
  try {
    await client.paymentMethods.detach(paymentMethod);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
  }
}

/** Has Stripe forget all cards of a customer there, also such as were saved on a page that nobody came back from. */
export async function forgetCards(client: StripeClient, customer: string): Promise<void> {
  for await (const { id } of client.paymentMethods.list({ customer, limit: 100 })) await forgetCard(client, id);
}
