import type { PaymentTax, StripeTax, TaxPlace } from '@tollwright/contracts';
import Stripe from 'stripe';
import { z } from 'zod';
import type { StripeClient } from './clients.ts';
import { sharedPaymentVersion, type TokenCharge } from './granted-token.ts';

/** What is taxed: the whole of a charge, which its tax is part of. `reference` names it in reports. */
export type TaxWanted = TokenCharge & {
  readonly terms: StripeTax;
  readonly reference: string;
  readonly idempotencyKey: string;
};

/** A payment is not kept waiting for its tax longer than this. */
const timeoutMs = 4_000;

const nullable = z.string().nullish();
const billedAt = z.object({
  payment_method_details: z
    .object({
      billing_details: z
        .object({ address: z.object({ country: nullable, state: nullable, postal_code: nullable }).nullish() })
        .nullish(),
      card: z.object({ country: nullable }).nullish(),
    })
    .nullish(),
});

/**
 * Has the tax in an amount calculated: where the token's owner is billed, where the card is from, or else at the head office, the
 * first of them that Stripe can tax. Never throws; without a calculation the charge can be made all the same.
 */
export async function calculateTax(client: StripeClient, wanted: TaxWanted): Promise<PaymentTax> {
  try {
    const places = [...(await payersPlaces(client, wanted)), wanted.terms.headOffice];
    for (const [index, place] of places.entries()) {
      const made = await calculated(client, wanted, place, index);
      if (made !== null) return made;
    }
    return { kind: 'missing', reason: 'tax_location_invalid' };
  } catch (error) {
    return { kind: 'missing', reason: reasonOf(error) };
  }
}

/** Null: nothing can be taxed at this place. */
async function calculated(
  client: StripeClient,
  { amountMinor, currency, terms, reference, idempotencyKey }: TaxWanted,
  place: TaxPlace,
  index: number,
): Promise<PaymentTax | null> {
  const line = { amount: Number(amountMinor), reference, tax_code: terms.code, tax_behavior: 'inclusive' as const };
  try {
    const calculation = await client.tax.calculations.create(
      {
        currency,
        line_items: [line],
        customer_details: { address: addressOf(place), address_source: 'billing' },
      },
      { idempotencyKey: `${idempotencyKey}_${index}`, timeout: timeoutMs },
    );
    const { id, amount_total: total, tax_amount_inclusive: tax } = calculation;
    if (id === null) return { kind: 'missing', reason: 'tax_not_kept' };
    if (BigInt(total) !== amountMinor) return { kind: 'missing', reason: 'tax_changes_the_total' };
    return { kind: 'calculated', amountAtomic: String(tax), calculation: id };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'customer_tax_location_invalid') {
      return null;
    }
    throw error;
  }
}

function addressOf({ country, state, postalCode }: TaxPlace) {
  return {
    country,
    ...(state === null ? {} : { state }),
    ...(postalCode === null ? {} : { postal_code: postalCode }),
  };
}

/** What the token says of its owner, best first. Nothing where it cannot be read: then the head office decides. */
async function payersPlaces(client: StripeClient, { token }: TaxWanted): Promise<TaxPlace[]> {
  const path = `/v1/shared_payment/granted_tokens/${encodeURIComponent(token)}`;
  const options = { apiVersion: sharedPaymentVersion, timeout: timeoutMs };
  const read = billedAt.safeParse(await client.rawRequest('GET', path, {}, options));
  const { billing_details: billing, card } = (read.success ? read.data.payment_method_details : null) ?? {};
  const { country, state, postal_code: postalCode } = billing?.address ?? {};
  return [
    ...(country ? [{ country, state: state || null, postalCode: postalCode || null }] : []),
    ...(card?.country ? [{ country: card.country, state: null, postalCode: null }] : []),
  ];
}

function reasonOf(error: unknown): string {
  if (error instanceof Stripe.errors.StripeError) return `stripe_${error.code ?? error.rawType ?? error.type}`;
  return error instanceof Error ? `stripe: ${error.name}` : 'stripe';
}

const amountName = 'tollwright_tax_amount';
const calculationName = 'tollwright_tax';
const missingName = 'tollwright_tax_missing';

/** How a payment intent says what was calculated of it: whoever finds it later reads the same. */
export function taxMetadata(tax: PaymentTax): Record<string, string> {
  if (tax.kind === 'missing') return { [missingName]: tax.reason.slice(0, 200) };
  return { [calculationName]: tax.calculation, [amountName]: tax.amountAtomic };
}

/** The tax that a payment intent's metadata says; undefined where it says nothing. */
export function taxOfMetadata(metadata: Readonly<Record<string, string>>): PaymentTax | undefined {
  const { [amountName]: amountAtomic, [calculationName]: calculation, [missingName]: reason } = metadata;
  if (reason !== undefined) return { kind: 'missing', reason };
  if (calculation === undefined || !/^\d{1,15}$/.test(amountAtomic ?? '')) return undefined;
  return { kind: 'calculated', amountAtomic: amountAtomic ?? '0', calculation };
}
