import type { BankFace, CardFace } from '../../cards/outcome.ts';
import { randomText } from '../../ids.ts';
import { type Address, emptyAddress, type Metadata } from '../../params/kinds.ts';

/** A payment method as the API shows it. */
export type PaymentMethod = ReturnType<typeof paymentMethodOf>;

/** Who pays, as payment methods, charges and tokens show it. */
export type BillingDetails = {
  address: Address;
  email: string | null;
  name: string | null;
  phone: string | null;
  tax_id: string | null;
};

/** Billing details that say nothing but what is given. */
export function billingDetailsOf(
  given: { [K in keyof BillingDetails]?: BillingDetails[K] | null } = {},
): BillingDetails {
  return { email: null, name: null, phone: null, tax_id: null, ...given, address: given.address ?? emptyAddress() };
}

/** A payment method that belongs to nobody yet. */
export function paymentMethodOf(id: string, created: number, face: CardFace | BankFace) {
  return {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: billingDetailsOf(),
    ...detailsOf(face),
    created,
    customer: null as string | null,
    customer_account: null,
    livemode: false,
    metadata: {} as Metadata,
    type: face.type,
  };
}

function detailsOf(face: CardFace | BankFace) {
  return face.type === 'card' ? { card: cardOf(face) } : { us_bank_account: bankAccountOf(face) };
}

function cardOf({ brand, last4, country, funding }: CardFace) {
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country,
    display_brand: brand,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: randomText(16),
    funding,
    generated_from: null,
    last4,
    networks: { available: [brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

function bankAccountOf({ last4 }: BankFace) {
  return {
    account_holder_type: 'individual',
    account_type: 'checking',
    bank_name: 'STRIPE TEST BANK',
    financial_connections_account: null,
    fingerprint: randomText(16),
    last4,
    networks: { preferred: 'ach', supported: ['ach'] },
    routing_number: '110000000',
    status_details: {},
  };
}
