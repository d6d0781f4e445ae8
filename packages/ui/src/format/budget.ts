import { basisPoints, parseWhole, type WholeNumber } from './whole.ts';

/** What a budget bar shows: shares in hundredths of a percent of the limit, cut so that the bar never overflows. */
export interface BudgetShares {
  readonly kind: 'healthy' | 'attention' | 'exhausted';
  readonly spentPoints: number;
  readonly heldPoints: number;
  readonly usedPercent: number;
  readonly left: bigint;
}

/** Held money counts as used: it may be spent in a moment. `attention` from the threshold (percent) on, `exhausted` when nothing is left. */
export function budgetShares(
  spent: WholeNumber,
  held: WholeNumber,
  limit: WholeNumber,
  attentionPercent = 80,
): BudgetShares {
  const [spentNanoUsd, heldNanoUsd, limitNanoUsd] = [parseWhole(spent), parseWhole(held), parseWhole(limit)];
  const used = spentNanoUsd + heldNanoUsd;
  const left = used >= limitNanoUsd ? 0n : limitNanoUsd - used;
  const spentPoints = Math.min(10_000, basisPoints(spentNanoUsd, limitNanoUsd));
  const attention = used * 100n >= limitNanoUsd * BigInt(attentionPercent);
  return {
    kind: left === 0n ? 'exhausted' : attention ? 'attention' : 'healthy',
    spentPoints,
    heldPoints: Math.min(10_000 - spentPoints, basisPoints(heldNanoUsd, limitNanoUsd)),
    usedPercent: limitNanoUsd > 0n ? Number((used * 100n) / limitNanoUsd) : 100,
    left,
  };
}
