import type { VolumeDiscount } from '@tollwright/contracts';
import { type DiscountTier, discounted, formatUsd, type NanoUsd, nanoUsd, type Volume } from '@tollwright/core';

/** The rule of a route, and what one payer has of it. `payer` as `volumePayerOf` has it, with `volume`; null: nobody knows who asks. */
export interface OwnDiscount {
  readonly rule: VolumeDiscount;
  /** The price of anybody. */
  readonly fullNanoUsd: NanoUsd;
  /** What this payer has of it; 0: none. */
  readonly percentOff: number;
  readonly payer: string | null;
  readonly volume: Volume | null;
}

/** A rule as programs read it. */
export function ruleMembers({ period, tiers }: VolumeDiscount): Readonly<Record<string, unknown>> {
  return {
    period,
    tiers: tiers.map((tier) => ({
      ...(tier.measure === 'calls' ? { fromCalls: tier.from } : { fromUsd: usd(tier.fromNanoUsd) }),
      percentOff: tier.percentOff,
    })),
  };
}

/** What a 402 says of a discount. */
export function discountMembers(own: OwnDiscount): Readonly<Record<string, unknown>> {
  const { rule, fullNanoUsd, percentOff, payer, volume } = own;
  return {
    ...ruleMembers(rule),
    fullPriceUsd: formatUsd(fullNanoUsd),
    priceUsd: formatUsd(discounted(fullNanoUsd, percentOff)),
    percentOff,
    payer,
    ...(volume === null ? {} : { calls: volume.calls, paidUsd: usd(volume.spentNanoUsd) }),
    next: volume === null ? null : nextOf(rule.tiers, volume, percentOff),
  };
}

/** What is missing to the next higher discount, by the tiers that give it; null where there is none. */
function nextOf(tiers: readonly DiscountTier[], volume: Volume, percentOff: number) {
  const higher = tiers.filter((tier) => tier.percentOff > percentOff);
  const next = Math.min(...higher.map((tier) => tier.percentOff));
  const ways = higher.filter((tier) => tier.percentOff === next);
  if (ways.length === 0) return null;
  return {
    percentOff: next,
    missing: ways.map((tier) =>
      tier.measure === 'calls'
        ? { calls: tier.from - volume.calls }
        : { usd: usd(tier.fromNanoUsd - volume.spentNanoUsd) },
    ),
  };
}

function usd(amount: bigint): string {
  return formatUsd(nanoUsd(amount));
}
