import type { StripeAccount, Wallet } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import type { JsonObject } from '@tollwright/protocols';
import { quantize } from '../quantize.ts';
import type { Offer, Quoted } from '../rail.ts';

/** A price in cents, for an account of Stripe. */
export type StripeOffer = Offer & { readonly rail: 'stripe'; readonly account: StripeAccount };

const centDecimals = 2;

/** A price for every account of Stripe. What is too little for a card nobody asks: the rail has a minimum. */
export function quoteStripe(wallets: readonly Wallet[], priceNanoUsd: NanoUsd): Quoted<StripeOffer> {
  const quantized = quantize(priceNanoUsd, centDecimals);
  if (quantized.kind === 'not-offered') return { offers: [], leftOut: [] };
  const { amountAtomic, roundingNanoUsd } = quantized;
  const offers = wallets.flatMap((account): readonly StripeOffer[] => {
    if (account.kind !== 'stripe') return [];
    const { currency: asset, networkId: payTo } = account;
    return [
      {
        ...{ rail: 'stripe', scheme: 'charge', network: 'stripe', asset, payTo },
        ...{ amountAtomic, decimals: centDecimals, priceNanoUsd, roundingNanoUsd, account },
      },
    ];
  });
  return { offers, leftOut: [] };
}

/** The `request` of a challenge. Source: draft-stripe-charge. */
export function stripeRequest({ amountAtomic, asset, payTo, account }: StripeOffer): JsonObject {
  return {
    amount: amountAtomic.toString(),
    currency: asset,
    methodDetails: { networkId: payTo, paymentMethodTypes: [...account.paymentMethodTypes] },
  };
}
