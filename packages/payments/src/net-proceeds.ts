import type { PaymentRail } from '@tollwright/contracts';
import { feeOf, type NanoUsd, nanoUsd, type RailFee, ZERO_USD } from '@tollwright/core';
import type { Offer } from './rail.ts';

/** What each rail costs whoever is paid. */
export type FeeTable = Readonly<Record<PaymentRail, RailFee>>;

/** What is paid, and how. */
type Paid = Pick<Offer, 'rail' | 'scheme' | 'priceNanoUsd' | 'roundingNanoUsd'>;

/** What a rail takes of a payment. One call of a session is a voucher: it sends nothing, so only a share is taken of it. */
export function railFeeOf(fees: FeeTable, { rail, scheme, priceNanoUsd, roundingNanoUsd }: Paid): NanoUsd {
  const fee = fees[rail];
  const taken = scheme === 'session' ? { ...fee, fixedNanoUsd: ZERO_USD, gasNanoUsd: ZERO_USD } : fee;
  return feeOf(taken, nanoUsd(priceNanoUsd + roundingNanoUsd));
}

/** What is left of an offer once its rail has taken its fee. Negative where the fee is more. */
export function netProceeds(fees: FeeTable, offer: Paid): NanoUsd {
  return nanoUsd(offer.priceNanoUsd + offer.roundingNanoUsd - railFeeOf(fees, offer));
}

/** Offers of which most is left first; those that leave the same stay in their order. */
export function byNetProceeds<O extends Offer>(offers: readonly O[], fees: FeeTable): readonly O[] {
  if (offers.length < 2) return offers;
  return offers
    .map((offer) => ({ offer, net: netProceeds(fees, offer) }))
    .sort((a, b) => (a.net === b.net ? 0 : a.net < b.net ? 1 : -1))
    .map(({ offer }) => offer);
}
