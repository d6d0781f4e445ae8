import { newId } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';
import type { PaymentIntent } from '../payment-intents/payment-intent.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';
import type { Refund } from '../refunds/refund.ts';

/** A charge as the API shows it. */
export type Charge = ReturnType<typeof chargeOf>;

/** What the networks said about a charge. */
export type ChargeOutcome = ReturnType<typeof outcomeOf>;

/** A charge of an intent; whether it came through is filled in afterwards. `baseUrl` is where its receipt is. */
export function chargeOf(created: number, intent: PaymentIntent, method: PaymentMethod, baseUrl: string) {
  const id = newId(method.type === 'card' ? 'ch' : 'py');
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null as string | null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'TOLL',
    captured: false,
    created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null as string | null,
    failure_message: null as string | null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata as Metadata,
    on_behalf_of: null,
    outcome: outcomeOf('approved_by_network', null),
    paid: false,
    payment_intent: intent.id as string | null,
    payment_method: method.id as string | null,
    payment_method_details: detailsOf(intent.amount, method),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: `${baseUrl}/receipts/${id}` as string | null,
    refunded: false,
    refunds: { object: 'list', data: [] as Refund[], has_more: false, url: `/v1/charges/${id}/refunds` },
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: 'pending' as 'pending' | 'succeeded' | 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}

/** `reason` is the decline code; null where the network approved. */
export function outcomeOf(networkStatus: 'approved_by_network' | 'declined_by_network', reason: string | null) {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: networkStatus as string,
    reason,
    seller_message: reason === null ? 'Payment complete.' : 'The bank did not return any further details.',
    type: reason === null ? 'authorized' : 'issuer_declined',
  };
}

function detailsOf(amount: number, { type, ...method }: PaymentMethod) {
  if (!('card' in method)) return { type, us_bank_account: method.us_bank_account };
  const { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4, regulated_status } = method.card;
  const card = {
    ...{ brand, checks, country, exp_month, exp_year, fingerprint, funding, last4, regulated_status },
    amount_authorized: amount,
    authorization_code: null,
    extended_authorization: { status: 'disabled' },
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: amount, status: 'unavailable' },
    three_d_secure: null as object | null,
    transaction_link_id: null,
    wallet: null,
  };
  return { type, card };
}
