import type { PaymentTax } from '@tollwright/contracts';
import type Stripe from 'stripe';
import type { StripeClient } from './clients.ts';
import { taxOfMetadata } from './tax.ts';

/** What to find: by its id where that is known, else by a member of its metadata among all that were made in a time. */
export type ChargeWanted = {
  readonly transaction: string | null;
  readonly metadata: { readonly name: string; readonly value: string };
  readonly sinceMs: number;
  readonly untilMs: number;
};

/** How a charge stands. `none`: there is none, so far. */
export type ChargeFound =
  | { readonly kind: 'settled'; readonly transaction: string; readonly tax?: PaymentTax }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'none' };

/** Finds a charge. Lists what was made, for a search may lag behind by a minute. Throws when Stripe does not answer. */
export async function findCharge(client: StripeClient, wanted: ChargeWanted): Promise<ChargeFound> {
  const { transaction, metadata, sinceMs, untilMs } = wanted;
  if (transaction !== null) return foundOf(await client.paymentIntents.retrieve(transaction));
  const created = { gte: Math.floor(sinceMs / 1_000), lte: Math.ceil(untilMs / 1_000) };
  for await (const intent of client.paymentIntents.list({ created, limit: 100 })) {
    if (intent.metadata[metadata.name] === metadata.value) return foundOf(intent);
  }
  return { kind: 'none' };
}

function foundOf({ id, status, metadata }: Stripe.PaymentIntent): ChargeFound {
  const tax = taxOfMetadata(metadata);
  switch (status) {
    case 'succeeded':
      return { kind: 'settled', transaction: id, ...(tax === undefined ? {} : { tax }) };
    case 'canceled':
      return { kind: 'failed', reason: 'canceled' };
    case 'requires_payment_method':
      return { kind: 'failed', reason: 'declined' };
    default:
      return { kind: 'open' };
  }
}
