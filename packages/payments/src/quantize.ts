import { type NanoUsd, nanoUsd } from '@tollwright/core';

/** A price in the smallest unit of what is paid with. `roundingNanoUsd` is what the unit added, >= 0. */
export type Quantized =
  | { readonly kind: 'offered'; readonly amountAtomic: bigint; readonly roundingNanoUsd: NanoUsd }
  | { readonly kind: 'not-offered'; readonly reason: 'free' }
  | { readonly kind: 'not-offered'; readonly reason: 'below-a-tenth-of-the-unit'; readonly minimumNanoUsd: NanoUsd };

const nanoPerUsd = 10n ** 9n;

/**
 * Rounds a price up to a unit of which 10^`decimals` are a dollar. A price under a tenth of the unit is not offered:
 * rounding would be most of it.
 */
export function quantize(priceNanoUsd: NanoUsd, decimals: number): Quantized {
  if (priceNanoUsd <= 0n) return { kind: 'not-offered', reason: 'free' };
  const unitsPerUsd = 10n ** BigInt(decimals);
  const exact = priceNanoUsd * unitsPerUsd;
  if (exact * 10n < nanoPerUsd) {
    const minimumNanoUsd = nanoUsd((nanoPerUsd + unitsPerUsd * 10n - 1n) / (unitsPerUsd * 10n));
    return { kind: 'not-offered', reason: 'below-a-tenth-of-the-unit', minimumNanoUsd };
  }
  const amountAtomic = (exact + nanoPerUsd - 1n) / nanoPerUsd;
  const roundingNanoUsd = nanoUsd((amountAtomic * nanoPerUsd) / unitsPerUsd - priceNanoUsd);
  return { kind: 'offered', amountAtomic, roundingNanoUsd };
}
