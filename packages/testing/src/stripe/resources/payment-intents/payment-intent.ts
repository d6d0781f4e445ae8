import { newId, randomText } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';
import type { NextAction } from './next-action.ts';

/** A payment intent as the API shows it. */
export type PaymentIntent = ReturnType<typeof paymentIntentOf>;

export type PaymentIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled';

/** Why the last attempt of an intent failed. */
export type LastError = {
  type: 'card_error' | 'invalid_request_error';
  code: string;
  message: string;
  doc_url: string;
  charge?: string;
  decline_code?: string;
  payment_method?: PaymentMethod;
};

/** `automatic_payment_methods` of an intent. */
export type AutomaticPaymentMethods = { enabled: boolean; allow_redirects: 'always' | 'never' };

/** An intent that nothing was tried for. */
export function paymentIntentOf(created: number, amount: number, currency: string) {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent',
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null as AutomaticPaymentMethods | null,
    canceled_at: null as number | null,
    cancellation_reason: null as string | null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: 'automatic',
    created,
    currency,
    customer: null as string | null,
    customer_account: null,
    description: null as string | null,
    excluded_payment_method_types: null,
    last_payment_error: null as LastError | null,
    latest_charge: null as string | null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: {} as Metadata,
    next_action: null as NextAction | null,
    on_behalf_of: null,
    payment_method: null as string | null,
    payment_method_configuration_details: null,
    payment_method_options: {} as object,
    payment_method_types: ['card'] as string[],
    processing: null as { type: string } | null,
    receipt_email: null as string | null,
    review: null,
    setup_future_usage: null as string | null,
    shipping: null as object | null,
    source: null,
    statement_descriptor: null as string | null,
    statement_descriptor_suffix: null as string | null,
    status: 'requires_payment_method' as PaymentIntentStatus,
    transfer_data: null,
    transfer_group: null as string | null,
  };
}
