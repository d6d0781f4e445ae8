import { type Adjustment, adjustmentsOf, type VersionUse } from './cycle-close.ts';
import type { Quantity } from './meter.ts';
import { type NanoUsd, nanoUsd } from './money.ts';
import { lineAmounts, periodFee, type Rated, rate, tieredMeters } from './rating.ts';
import { rational } from './rational.ts';

/** What a whole billing cycle costs. */
export interface CyclePrice {
  readonly feeNanoUsd: NanoUsd;
  /** What its calls are charged one by one. */
  readonly usageNanoUsd: NanoUsd;
  /** What its close adds. */
  readonly adjustments: readonly Adjustment[];
  readonly totalNanoUsd: NanoUsd;
  /** Whether later calls cost something else than the first; usage is then rounded up once, not call by call. */
  readonly tiered: boolean;
  /** Models that no rate card prices: their calls are refused. */
  readonly unpriced: readonly string[];
}

/** Prices a billing cycle of so many calls that are alike: what charges them and closes the cycle, worked out ahead. */
export function priceCycle(terms: VersionUse['terms'], call: readonly Quantity[], calls: bigint): CyclePrice {
  const { rateCards } = terms;
  const used = call.filter(({ quantity }) => quantity > 0n);
  const tiered = tieredMeters(rateCards).some((slug) => used.some(({ meter }) => meter === slug));
  const times = tiered ? 1n : calls;
  const all = used.map((one) => ({ ...one, quantity: one.quantity * (tiered ? calls : 1n) }));
  const rated = rate(rateCards, all);
  const usageNanoUsd = nanoUsd(rated.amountNanoUsd * times);
  const cards = cardUses(rated, calls, times);
  const version = { planVersionId: '', terms, share: rational(1n), cards, chargedNanoUsd: usageNanoUsd };
  const adjustments = adjustmentsOf([version]);
  const feeNanoUsd = nanoUsd(periodFee(rateCards, 'in-advance') + periodFee(rateCards, 'in-arrears'));
  const added = adjustments.reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0n);
  return {
    ...{ feeNanoUsd, usageNanoUsd, adjustments, tiered, unpriced: rated.unpriced },
    totalNanoUsd: nanoUsd(feeNanoUsd + usageNanoUsd + added),
  };
}

function cardUses(rated: Rated, calls: bigint, times: bigint): VersionUse['cards'] {
  const uses = new Map<string, { rateCardKey: string; units: bigint; calls: bigint; amountNanoUsd: bigint }>();
  const amounts = lineAmounts(rated);
  for (const [index, { rateCardKey, quantity }] of rated.lines.entries()) {
    const use = uses.get(rateCardKey) ?? { rateCardKey, units: 0n, calls, amountNanoUsd: 0n };
    use.units += quantity * times;
    use.amountNanoUsd += (amounts[index] ?? 0n) * times;
    uses.set(rateCardKey, use);
  }
  return [...uses.values()];
}
