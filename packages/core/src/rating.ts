import type { Quantity } from './meter.ts';
import { type NanoUsd, nanoUsd } from './money.ts';
import type { RateCard } from './price.ts';
import { add, ceil, type Rational, subtract, ZERO } from './rational.ts';
import { isUsageCard, pricingOf, type UsageCard, type UsagePricing } from './usage-price.ts';

/** Units of each meter that were used in the billing period before: where on its tiers a call stands. A missing meter is 0. */
export type TierPosition = ReadonlyMap<string, bigint>;

/** One rate card's share of a rated amount. `exactNanoUsd` is not rounded. */
export interface RatedLine {
  readonly rateCardKey: string;
  readonly meter: string;
  readonly model: string | null;
  readonly quantity: bigint;
  readonly exactNanoUsd: Rational;
}

/** `amountNanoUsd` is the sum of the lines, rounded up once. `unpriced` names models that no rate card prices. */
export interface Rated {
  readonly amountNanoUsd: NanoUsd;
  readonly exactNanoUsd: Rational;
  readonly lines: readonly RatedLine[];
  readonly unpriced: readonly string[];
}

/** The amounts of rated lines, in whole nano-dollars, whose sum is the rated amount. */
export function lineAmounts({ lines }: Rated): readonly NanoUsd[] {
  let exact = ZERO;
  let before = 0n;
  return lines.map(({ exactNanoUsd }) => {
    exact = add(exact, exactNanoUsd);
    const upTo = ceil(exact);
    const amount = upTo - before;
    before = upTo;
    return nanoUsd(amount);
  });
}

const PERIOD_START: TierPosition = new Map();

/**
 * Rates usage under a price list: the one function behind charges, previews and invoices. Usage counts on from `position`,
 * without one from the start of a billing period. What usage costs in parts is what it costs at once, before rounding.
 * Flat fees belong to a period, not to usage, and add nothing here (see `periodFee`).
 * Source: docs/adr/0005-money-and-rating.md, docs/adr/0045-where-on-the-tiers-a-call-stands.md.
 */
export function rate(
  rateCards: readonly RateCard[],
  usage: readonly Quantity[],
  position: TierPosition = PERIOD_START,
): Rated {
  return rated(rateCards, usage, ({ price: { meter } }, pricing) => {
    let from = position.get(meter) ?? 0n;
    return (quantity, model) => {
      const before = pricing.positional ? from : 0n;
      from += quantity;
      const upTo = pricing.total(before + quantity, model);
      const already = before === 0n ? ZERO : pricing.total(before, model);
      return upTo && already && subtract(upTo, already);
    };
  });
}

/** The most that the same usage can cost, wherever in a billing period it falls: what is held before a call. */
export function rateWorst(rateCards: readonly RateCard[], usage: readonly Quantity[]): Rated {
  return rated(rateCards, usage, (_card, pricing) => pricing.worst);
}

type PriceQuantity = (quantity: bigint, model: string | null) => Rational | null;

function rated(
  rateCards: readonly RateCard[],
  usage: readonly Quantity[],
  priceBy: (card: UsageCard, pricing: UsagePricing) => PriceQuantity,
): Rated {
  const lines: RatedLine[] = [];
  const unpriced: string[] = [];
  for (const card of rateCards) {
    if (!isUsageCard(card)) continue;
    const priceOf = priceBy(card, pricingOf(card));
    for (const { meter, quantity, dimensions } of usage) {
      if (meter !== card.price.meter) continue;
      const model = dimensions.model ?? null;
      const exactNanoUsd = priceOf(quantity, model);
      if (exactNanoUsd === null) unpriced.push(model ?? '(no model)');
      else lines.push({ rateCardKey: card.key, meter, model, quantity, exactNanoUsd });
    }
  }
  let exactNanoUsd = ZERO;
  for (const line of lines) exactNanoUsd = add(exactNanoUsd, line.exactNanoUsd);
  return { amountNanoUsd: nanoUsd(ceil(exactNanoUsd)), exactNanoUsd, lines, unpriced };
}

/** Meters whose units have to be counted over a billing period, because what the next unit costs depends on how many there were. */
export function tieredMeters(rateCards: readonly RateCard[]): readonly string[] {
  const meters = rateCards.flatMap((card) =>
    isUsageCard(card) && pricingOf(card).positional ? [card.price.meter] : [],
  );
  return [...new Set(meters)];
}

/** The fees of one billing period, independent of usage. */
export function periodFee(rateCards: readonly RateCard[], paymentTerm: 'in-advance' | 'in-arrears'): NanoUsd {
  let total = 0n;
  for (const { price } of rateCards) {
    if (price.kind === 'flat' && price.paymentTerm === paymentTerm) total += price.amountNanoUsd;
  }
  return nanoUsd(total);
}
