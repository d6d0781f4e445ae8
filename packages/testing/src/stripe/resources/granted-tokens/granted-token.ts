import { newId } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';

/** A shared payment token, as the seller to whom it was granted sees it. */
export type GrantedToken = ReturnType<typeof grantedTokenOf>;

export type DeactivatedReason = 'consumed' | 'expired' | 'revoked';

/** What a token may be used for. `expires_at` is in seconds; from then on it is worth nothing. */
export type UsageLimits = { currency: string; expires_at: number; max_amount: number };

/** A token that nothing was paid with. */
export function grantedTokenOf(
  created: number,
  { method, limits, profile }: { method: PaymentMethod; limits: UsageLimits; profile: string | null },
) {
  return {
    id: newId('spt'),
    object: 'shared_payment.granted_token',
    agent_details: { network_business_profile: profile },
    created,
    deactivated_at: null as number | null,
    deactivated_reason: null as DeactivatedReason | null,
    livemode: false,
    payment_method_details: { billing_details: method.billing_details, ...detailsOf(method) },
    shared_metadata: {} as Metadata,
    usage_details: { amount_captured: { currency: limits.currency, value: 0 } },
    usage_limits: limits,
  };
}

function detailsOf({ type, ...method }: PaymentMethod) {
  if (!('card' in method)) return { type, us_bank_account: { last4: method.us_bank_account?.last4 } };
  const { brand, country, exp_month, exp_year, funding, last4 } = method.card;
  return { type, card: { brand, country, exp_month, exp_year, funding, last4 } };
}
