import type { Quantity } from './meter.ts';
import { NANO_USD_PER_USD, type NanoUsd, nanoUsd } from './money.ts';
import type { PerModelToken, RateCard } from './price.ts';
import { add, ceil, multiply, parseDecimal, type Rational, rational, ZERO } from './rational.ts';

/** Units that each usage-based rate card has already rated in its period. Tiers read it; a missing key is 0. */
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

const NO_TIERS: TierPosition = new Map();

/**
 * Rates usage under a price list: the one function behind estimates, holds, charges, previews and invoices.
 * Flat fees belong to a period, not to usage, and add nothing here (see `periodFee`).
 * Source: docs/adr/0005-money-and-rating.md.
 */
export function rate(
  rateCards: readonly RateCard[],
  usage: readonly Quantity[],
  _position: TierPosition = NO_TIERS,
): Rated {
  const lines: RatedLine[] = [];
  const unpriced: string[] = [];
  for (const card of rateCards) {
    const { price } = card;
    if (price.kind === 'flat') continue;
    for (const { meter, quantity, dimensions } of usage) {
      if (meter !== price.meter) continue;
      const model = dimensions.model ?? null;
      const unit = price.kind === 'per-unit' ? unitPrice(price.usdPerUnit, pricesPerUnit) : tokenPrice(price, model);
      if (unit === null) unpriced.push(model ?? '(no model)');
      else
        lines.push({ rateCardKey: card.key, meter, model, quantity, exactNanoUsd: multiply(unit, rational(quantity)) });
    }
  }
  let exactNanoUsd = ZERO;
  for (const line of lines) exactNanoUsd = add(exactNanoUsd, line.exactNanoUsd);
  return { amountNanoUsd: nanoUsd(ceil(exactNanoUsd)), exactNanoUsd, lines, unpriced };
}

/** The fees of one billing period, independent of usage. */
export function periodFee(rateCards: readonly RateCard[], paymentTerm: 'in-advance' | 'in-arrears'): NanoUsd {
  let total = 0n;
  for (const { price } of rateCards) {
    if (price.kind === 'flat' && price.paymentTerm === paymentTerm) total += price.amountNanoUsd;
  }
  return nanoUsd(total);
}

function tokenPrice(price: PerModelToken, model: string | null): Rational | null {
  const listed = model !== null && Object.hasOwn(price.usdPerMillionByModel, model);
  const text = listed ? price.usdPerMillionByModel[model] : price.defaultUsdPerMillion;
  return text === null || text === undefined ? null : unitPrice(text, pricesPerMillion);
}

/** Prices as nano-dollars per unit, by their text in dollars per `units`: they are few and read often. */
interface KnownPrices {
  readonly units: bigint;
  readonly byText: Map<string, Rational>;
}

const PRICES_KEPT_MAX = 10_000;
const pricesPerUnit: KnownPrices = { units: 1n, byText: new Map() };
const pricesPerMillion: KnownPrices = { units: 1_000_000n, byText: new Map() };

function unitPrice(decimalUsd: string, { units, byText }: KnownPrices): Rational {
  let price = byText.get(decimalUsd);
  if (price === undefined) {
    price = multiply(parseDecimal(decimalUsd), { numerator: NANO_USD_PER_USD, denominator: units });
    if (byText.size >= PRICES_KEPT_MAX) byText.clear();
    byText.set(decimalUsd, price);
  }
  return price;
}
