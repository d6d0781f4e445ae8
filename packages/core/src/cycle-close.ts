import type { NanoUsd } from './money.ts';
import { nanoUsd } from './money.ts';
import type { PlanTerms } from './plan.ts';
import { ceil, multiply, type Rational, rational, subtract, ZERO } from './rational.ts';
import { isUsageCard, pricingOf, type UnitStretch, type UsageCard } from './usage-price.ts';

/** What calls of a billing cycle were rated for a rate card. Their sum: each call is rounded up by itself. */
export interface CardUse {
  readonly rateCardKey: string;
  readonly units: bigint;
  readonly calls: bigint;
  readonly amountNanoUsd: bigint;
}

/** What was used under a plan version in a billing cycle. */
export interface VersionUse {
  readonly planVersionId: string;
  readonly terms: Pick<PlanTerms, 'rateCards' | 'minimumNanoUsd' | 'prepaid'>;
  /** The part of the cycle that the customer was on this version, 0 to 1. */
  readonly share: Rational;
  readonly cards: readonly CardUse[];
  /** What calls were charged, all together: less than their cards where it was more than they held. */
  readonly chargedNanoUsd: bigint;
}

/** What a cycle that is over adds to what its calls were charged. A re-rating and a discount are below nothing, a minimum above. */
export interface Adjustment {
  readonly kind: 'rerating' | 'discount' | 'minimum';
  readonly planVersionId: string;
  /** Null: of the whole plan. */
  readonly rateCardKey: string | null;
  readonly meter: string | null;
  /** What was priced again; null for others. */
  readonly units: bigint | null;
  readonly amountNanoUsd: bigint;
}

/**
 * What is added to the calls of a billing cycle when it is closed, for plan versions in the order in which the customer was on
 * them. Cards are priced again where the whole cycle costs less than its calls did one by one: never more, since a budget let
 * these calls pass at their price. Then fixed amounts come off, both never below what calls were charged, and then what is
 * missing to a minimum is added. Under a prepaid plan nothing is given back, since calls were paid from credit.
 * Source: docs/adr/0050-what-the-close-of-a-cycle-adds.md.
 */
export function adjustmentsOf(versions: readonly VersionUse[]): readonly Adjustment[] {
  return versions.flatMap((version) => {
    const { planVersionId, terms, share, chargedNanoUsd } = version;
    const found: Adjustment[] = [];
    let owed = chargedNanoUsd;
    const add = (adjustment: Omit<Adjustment, 'planVersionId'>) => {
      if (adjustment.amountNanoUsd === 0n) return;
      owed += adjustment.amountNanoUsd;
      found.push({ planVersionId, ...adjustment });
    };
    if ((terms.prepaid ?? null) === null) {
      for (const [card, use] of usedCards(version)) {
        const of = { rateCardKey: card.key, meter: card.price.meter };
        const over = least(overOf(card, use, stretchOf(versions, version, card)), owed);
        add({ kind: 'rerating', ...of, units: use.units, amountNanoUsd: -over });
        const off = proratedOf(card.amountOffNanoUsd, share);
        add({
          kind: 'discount',
          ...of,
          units: null,
          amountNanoUsd: -least(off, least(use.amountNanoUsd - over, owed)),
        });
      }
    }
    const missing = proratedOf(terms.minimumNanoUsd, share) - owed;
    const whole = { rateCardKey: null, meter: null, units: null };
    if (missing > 0n) add({ kind: 'minimum', ...whole, amountNanoUsd: missing });
    return found;
  });
}

/** Whether the close of a cycle can add anything under these terms. */
export function isAdjusted({ rateCards, minimumNanoUsd }: VersionUse['terms']): boolean {
  if (minimumNanoUsd !== undefined) return true;
  return rateCards.some((card) => isUsageCard(card) && (card.amountOffNanoUsd !== undefined || isRerated(card)));
}

/** An amount for a whole cycle, for a part of it: rounded up once. */
export function proratedOf(amount: NanoUsd | undefined, share: Rational): NanoUsd {
  return nanoUsd(ceil(multiply(rational(amount ?? 0n), share)));
}

function isRerated(card: UsageCard): boolean {
  return pricingOf(card).positional;
}

function usedCards({ terms, cards }: VersionUse): (readonly [UsageCard, CardUse])[] {
  return terms.rateCards.flatMap((card) => {
    const use = cards.find(({ rateCardKey }) => rateCardKey === card.key);
    return isUsageCard(card) && use !== undefined ? [[card, use] as const] : [];
  });
}

/** Where the units of a card stand among those of its cycle; null where other versions come between them. */
function stretchOf(versions: readonly VersionUse[], version: VersionUse, card: UsageCard): UnitStretch | null {
  if (!isRerated(card)) return null;
  const counted = versions.map((one) => {
    const found = usedCards(one).find(([{ price }]) => price.meter === card.price.meter && isPositional(one, card));
    return found?.[1].units ?? 0n;
  });
  const at = versions.indexOf(version);
  const units = counted[at] ?? 0n;
  const before = counted.slice(0, at).reduce((sum, one) => sum + one, 0n);
  const all = counted.reduce((sum, one) => sum + one, 0n);
  return pricingOf(card).closing === null && all !== units ? null : { before, units, all };
}

/** Whether calls under a version were counted for a card's tiers. */
function isPositional({ terms }: VersionUse, { price: { meter } }: UsageCard): boolean {
  return terms.rateCards.some((one) => isUsageCard(one) && one.price.meter === meter && isRerated(one));
}

/** What calls paid more than their units cost together; less than a nano-dollar a call is rounding, and stays. */
function overOf(card: UsageCard, { calls, amountNanoUsd }: CardUse, stretch: UnitStretch | null): bigint {
  if (stretch === null) return 0n;
  const { closing, total } = pricingOf(card);
  const { before, units } = stretch;
  const walked = () => subtract(total(before + units, null) ?? ZERO, total(before, null) ?? ZERO);
  const over = amountNanoUsd - ceil(closing === null ? walked() : closing(stretch));
  return over > calls ? over : 0n;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
