import type { StripeAccount, Wallet } from '@tollwright/contracts';
import { type NanoUsd, STRIPE_MINIMUM_NANO_USD } from '@tollwright/core';
import type { JsonObject } from '@tollwright/protocols';
import { quantize } from '../quantize.ts';
import type { LeftOut, Offer, Quoted } from '../rail.ts';

/** A price in cents, for an account of Stripe. */
export type StripeOffer = Offer & { readonly rail: 'stripe'; readonly account: StripeAccount };

const centDecimals = 2;

/** A price for every account of Stripe, unless it is too little for a card. */
export function quoteStripe(wallets: readonly Wallet[], priceNanoUsd: NanoUsd): Quoted<StripeOffer> {
  const offers: StripeOffer[] = [];
  const leftOut: LeftOut[] = [];
  const quantized = quantize(priceNanoUsd, centDecimals);
  for (const account of wallets) {
    if (account.kind !== 'stripe' || priceNanoUsd <= 0n) continue;
    if (quantized.kind === 'not-offered' || priceNanoUsd < STRIPE_MINIMUM_NANO_USD) {
      leftOut.push({
        ...{ rail: 'stripe', network: 'stripe', reason: 'below-the-minimum' },
        minimumNanoUsd: STRIPE_MINIMUM_NANO_USD,
      });
      continue;
    }
    const { amountAtomic, roundingNanoUsd } = quantized;
    offers.push({
      ...{ rail: 'stripe', scheme: 'charge', network: 'stripe', asset: account.currency, payTo: account.networkId },
      ...{ amountAtomic, decimals: centDecimals, priceNanoUsd, roundingNanoUsd, account },
    });
  }
  return { offers, leftOut };
}

/** The `request` of a challenge. Source: draft-stripe-charge. */
export function stripeRequest({ amountAtomic, asset, payTo, account }: StripeOffer): JsonObject {
  return {
    amount: amountAtomic.toString(),
    currency: asset,
    methodDetails: { networkId: payTo, paymentMethodTypes: [...account.paymentMethodTypes] },
  };
}
