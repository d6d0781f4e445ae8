import { newId, randomText } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';
import type { NextAction } from '../payment-intents/next-action.ts';
import type { AutomaticPaymentMethods, LastError } from '../payment-intents/payment-intent.ts';

/** A setup intent as the API shows it. */
export type SetupIntent = ReturnType<typeof setupIntentOf>;

export type SetupIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'succeeded'
  | 'canceled';

/** An intent that nothing was tried for. */
export function setupIntentOf(created: number) {
  const id = newId('seti');
  return {
    id,
    object: 'setup_intent',
    application: null,
    automatic_payment_methods: null as AutomaticPaymentMethods | null,
    cancellation_reason: null as string | null,
    client_secret: `${id}_secret_${randomText(30)}`,
    created,
    customer: null as string | null,
    description: null as string | null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null as LastError | null,
    latest_attempt: null as string | null,
    livemode: false,
    mandate: null,
    metadata: {} as Metadata,
    next_action: null as NextAction | null,
    on_behalf_of: null,
    payment_method: null as string | null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'] as string[],
    single_use_mandate: null,
    status: 'requires_payment_method' as SetupIntentStatus,
    usage: 'off_session' as 'off_session' | 'on_session',
  };
}
