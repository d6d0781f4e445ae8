import { NANO_USD_PER_USD } from './money.ts';
import type { Graduated, PerModelToken, PricePackage, RateCard, UsagePrice, VolumePrice } from './price.ts';
import { add, compare, multiply, parseDecimal, type Rational, rational, subtract, ZERO } from './rational.ts';

/** A rate card of what is used: not a fee. */
export type UsageCard = RateCard & { readonly price: UsagePrice };

/** A rate card's prices in nano-dollars, read once. */
export interface UsagePricing {
  /** Whether what a unit costs depends on how many were used before it in the billing period. */
  readonly positional: boolean;
  /** What the first `units` of a billing period cost together; null where the model has no price. Exact. */
  total(units: bigint, model: string | null): Rational | null;
  /** What `units` that follow one another cost at most, wherever in the period they are. Never less for more of them. */
  worst(units: bigint, model: string | null): Rational | null;
  /** What units of a billing period cost once it is over, where that is less than what they cost one after another; null: as much. */
  readonly closing: ((stretch: UnitStretch) => Rational) | null;
}

/** `units` of a billing period that come after `before` others, of `all` that it has. */
export interface UnitStretch {
  readonly before: bigint;
  readonly units: bigint;
  readonly all: bigint;
}

/** Whether a card prices usage. */
export function isUsageCard(card: RateCard): card is UsageCard {
  return card.price.kind !== 'flat';
}

const known = new WeakMap<UsageCard, UsagePricing>();

/** Makes a rate card ready for calls, once for each card. */
export function pricingOf(card: UsageCard): UsagePricing {
  let pricing = known.get(card);
  if (pricing === undefined) {
    pricing = adjusted(card, pricingOfPrice(card.price));
    known.set(card, pricing);
  }
  return pricing;
}

/** The units that a card includes and its percentage, on top of its price. */
function adjusted({ includedUnits = 0n, percentOff = 0 }: UsageCard, plain: UsagePricing): UsagePricing {
  if (includedUnits === 0n && percentOff === 0) return plain;
  const share = rational(BigInt(100 - percentOff), 100n);
  const billable = (units: bigint) => (units > includedUnits ? units - includedUnits : 0n);
  const part = (amount: Rational | null) => amount && multiply(amount, share);
  const { closing } = plain;
  const billableOf = ({ before, units, all }: UnitStretch): UnitStretch => {
    const first = billable(before);
    return { before: first, units: billable(before + units) - first, all: billable(all) };
  };
  return {
    positional: plain.positional || includedUnits > 0n,
    total: (units, model) => part(plain.total(billable(units), model)),
    worst: (units, model) => part(plain.worst(units, model)),
    closing: closing === null ? null : (stretch) => multiply(closing(billableOf(stretch)), share),
  };
}

function pricingOfPrice(price: UsagePrice): UsagePricing {
  switch (price.kind) {
    case 'per-unit':
      return linear(() => nanoUsdFor(price.usdPerUnit));
    case 'per-model-token':
      return perModel(price);
    case 'graduated':
      return graduated(price);
    case 'volume':
      return byVolume(price);
    case 'package':
      return packaged(price);
  }
}

function linear(unitPrice: (model: string | null) => Rational | null): UsagePricing {
  const times = (units: bigint, model: string | null) => {
    const price = unitPrice(model);
    return price && multiply(price, rational(units));
  };
  return { positional: false, total: times, worst: times, closing: null };
}

function perModel({ usdPerMillionByModel, defaultUsdPerMillion }: PerModelToken): UsagePricing {
  const byModel = new Map(
    Object.entries(usdPerMillionByModel).map(([model, usd]) => [model, nanoUsdFor(usd, MILLION)]),
  );
  const others = defaultUsdPerMillion === null ? null : nanoUsdFor(defaultUsdPerMillion, MILLION);
  return linear((model) => (model === null ? others : (byModel.get(model) ?? others)));
}

function graduated({ tiers }: Pick<Graduated, 'tiers'>): UsagePricing {
  const steps = tiers.map(({ upTo, usdPerUnit, flatUsd }, index) => ({
    from: tiers[index - 1]?.upTo ?? 0n,
    upTo,
    unit: nanoUsdFor(usdPerUnit),
    flat: nanoUsdFor(flatUsd),
  }));
  const total = (units: bigint): Rational => {
    let sum = ZERO;
    for (const { from, upTo, unit, flat } of steps) {
      if (units <= from) break;
      const inside = (upTo === null || units < upTo ? units : upTo) - from;
      sum = add(add(sum, flat), multiply(unit, rational(inside)));
    }
    return sum;
  };
  // Between two borders the price of a stretch changes evenly, so the dearest stretch begins or ends at one, or just after it.
  const borders = steps.map(({ from }) => from);
  const worst = (units: bigint): Rational => {
    if (units === 0n) return ZERO;
    let most = total(units);
    for (const border of borders) {
      for (const start of [border, border + 1n, border - units, border - units + 1n]) {
        if (start < 0n) continue;
        const stretch = subtract(total(start + units), total(start));
        if (compare(stretch, most) > 0) most = stretch;
      }
    }
    return most;
  };
  return { positional: true, total, worst, closing: null };
}

/** Charged step by step, until it is known which tier the period ends in. */
function byVolume({ tiers }: VolumePrice): UsagePricing {
  const steps = tiers.map(({ upTo, usdPerUnit, flatUsd }) => {
    return { upTo, unit: nanoUsdFor(usdPerUnit), flat: nanoUsdFor(flatUsd) };
  });
  const closing = ({ units, all }: UnitStretch): Rational => {
    const tier = steps.find(({ upTo }) => upTo === null || all <= upTo);
    if (units === 0n || tier === undefined) return ZERO;
    return add(tier.flat, multiply(tier.unit, rational(units)));
  };
  return { ...graduated({ tiers }), closing };
}

function packaged({ units: size, usdPerPackage }: PricePackage): UsagePricing {
  const price = nanoUsdFor(usdPerPackage);
  const begun = (units: bigint) => multiply(price, rational((units + size - 1n) / size));
  return { positional: true, total: begun, worst: begun, closing: null };
}

const MILLION = 1_000_000n;

/** Nano-dollars a unit, of a price in dollars for so many units. */
function nanoUsdFor(decimalUsd: string, units = 1n): Rational {
  return multiply(parseDecimal(decimalUsd), { numerator: NANO_USD_PER_USD, denominator: units });
}
