import { type NanoUsd, nanoUsd } from './money.ts';

/** What one payer has settled in a period: calls, and their prices. Both >= 0. */
export interface Volume {
  readonly calls: number;
  readonly spentNanoUsd: bigint;
}

/** From so many settled calls, or so much paid, on: so many percent off, 1 to 99. */
export type DiscountTier = { readonly percentOff: number } & (
  | { readonly measure: 'calls'; readonly from: number }
  | { readonly measure: 'usd'; readonly fromNanoUsd: bigint }
);

/** The highest discount that a volume has reached, whatever the order of the tiers; null: none. */
export function reachedTier(tiers: readonly DiscountTier[], volume: Volume): DiscountTier | null {
  let best: DiscountTier | null = null;
  for (const tier of tiers) {
    const isReached = tier.measure === 'calls' ? volume.calls >= tier.from : volume.spentNanoUsd >= tier.fromNanoUsd;
    if (isReached && (best === null || tier.percentOff > best.percentOff)) best = tier;
  }
  return best;
}

/** A price less its discount, rounded up once, to the nano-dollar: never free, and never above the price. */
export function discounted(priceNanoUsd: NanoUsd, percentOff: number): NanoUsd {
  return nanoUsd((priceNanoUsd * BigInt(100 - percentOff) + 99n) / 100n);
}
