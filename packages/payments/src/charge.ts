import { type NanoUsd, nanoUsd, ZERO_USD } from '@tollwright/core';
import type { Charge, Offer } from './rail.ts';

/** The whole of an offer: what a fixed amount is settled for, and the most that a variable one is. */
export function wholeCharge({ amountAtomic, priceNanoUsd, roundingNanoUsd }: Offer): Charge {
  return { amountAtomic, priceNanoUsd, roundingNanoUsd };
}

/**
 * What a use that costs `priceNanoUsd` is settled for under an offer of a variable amount: in the offer's unit, rounded up, and
 * never above the ceiling. Nothing for a price of zero.
 */
export function chargeOf(offer: Offer, priceNanoUsd: NanoUsd): Charge {
  if (priceNanoUsd >= offer.priceNanoUsd) return wholeCharge(offer);
  if (priceNanoUsd <= 0n) return { amountAtomic: 0n, priceNanoUsd: ZERO_USD, roundingNanoUsd: ZERO_USD };
  const worthNanoUsd = offer.priceNanoUsd + offer.roundingNanoUsd;
  const amountAtomic = (priceNanoUsd * offer.amountAtomic + worthNanoUsd - 1n) / worthNanoUsd;
  const roundingNanoUsd = nanoUsd((amountAtomic * worthNanoUsd) / offer.amountAtomic - priceNanoUsd);
  return { amountAtomic, priceNanoUsd, roundingNanoUsd };
}

/** Whether an offer covers a charge: the whole of a fixed amount, and anything up to the ceiling of a variable one. */
export function isCovered(offer: Offer, charge: Charge): boolean {
  if (offer.scheme === 'exact' || offer.scheme === 'charge') return charge.amountAtomic === offer.amountAtomic;
  return charge.amountAtomic >= 0n && charge.amountAtomic <= offer.amountAtomic;
}
