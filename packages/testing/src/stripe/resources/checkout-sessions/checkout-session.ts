import { newId, randomText } from '../../ids.ts';
import type { Address, Metadata } from '../../params/kinds.ts';
import type { LineItem } from './line-item.ts';

/** A checkout session as the API shows it. */
export type CheckoutSession = ReturnType<typeof checkoutSessionOf>;

export type CheckoutMode = 'payment' | 'setup' | 'subscription';

type CustomerDetails = {
  address: Address | null;
  business_name: null;
  email: string | null;
  individual_name: null;
  name: string | null;
  phone: null;
  tax_exempt: 'none';
  tax_ids: never[];
};

/** An open session; `baseUrl` is where its page is. */
export function checkoutSessionOf(created: number, mode: CheckoutMode, baseUrl: string) {
  const id = `${newId('cs_test', 1)}${randomText(57)}`;
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: mode === 'payment' ? { enabled: true } : null,
    after_expiration: null,
    allow_promotion_codes: null as boolean | null,
    amount_subtotal: null as number | null,
    amount_total: null as number | null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null as string | null },
    billing_address_collection: null as 'auto' | 'required' | null,
    cancel_url: null as string | null,
    client_reference_id: null as string | null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency: null as string | null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null as string | null,
    customer_account: null,
    customer_creation: (mode === 'payment' ? 'if_required' : null) as 'always' | 'if_required' | null,
    customer_details: null as CustomerDetails | null,
    customer_email: null as string | null,
    discounts: mode === 'setup' ? null : [],
    expires_at: created + 86_400,
    integration_identifier: null,
    invoice: null,
    invoice_creation: mode === 'payment' ? invoiceCreation() : null,
    line_items: {
      object: 'list',
      data: [] as LineItem[],
      has_more: false,
      url: `/v1/checkout/sessions/${id}/line_items`,
    },
    livemode: false,
    locale: null as string | null,
    managed_payments: { enabled: false },
    metadata: {} as Metadata,
    mode,
    origin_context: null,
    payment_intent: null as string | null,
    payment_link: null,
    payment_method_collection: (mode === 'setup' ? 'always' : 'if_required') as 'always' | 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'] as string[],
    payment_status: (mode === 'setup' ? 'no_payment_required' : 'unpaid') as 'no_payment_required' | 'unpaid' | 'paid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null as object | null,
    setup_intent: null as string | null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open' as 'open' | 'complete' | 'expired',
    submit_type: null as string | null,
    subscription: null as string | null,
    success_url: null as string | null,
    total_details: mode === 'setup' ? null : { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${baseUrl}/pay/${id}` as string | null,
    wallet_options: null,
  };
}

function invoiceCreation() {
  const data = {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: {},
    rendering_options: null,
  };
  return { enabled: false, invoice_data: data };
}
