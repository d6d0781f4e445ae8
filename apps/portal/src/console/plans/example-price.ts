import {
  type Adjustment,
  type Meter,
  measure,
  nanoUsd,
  type Price,
  priceCycle,
  type RateCard,
  rate,
} from '@tollwright/core';
import type { Meter as ListedMeter, NewTerms } from '../outputs.ts';

/** A call to try prices on. */
export interface ExampleCall {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly callsPerMonth: number;
}

export interface ExamplePrice {
  /** The first call of a month. */
  readonly callNanoUsd: bigint;
  readonly feeNanoUsd: bigint;
  /** What the end of a month adds to its calls: a volume's price, amounts off, what is missing to a minimum. */
  readonly adjustments: readonly Pick<Adjustment, 'kind' | 'amountNanoUsd'>[];
  /** Fee, calls and adjustments together; each call is rounded up by itself, as it is charged. */
  readonly monthNanoUsd: bigint;
  /** Whether later calls of a month cost something else than the first; then the month is rounded up as a whole. */
  readonly tiered: boolean;
  /** Why the call would be refused instead: no price for the model. */
  readonly refused: boolean;
}

/** The part of terms that prices calls. */
export type PricedTerms = Pick<NewTerms, 'rateCards' | 'minimumNanoUsd' | 'prepaid'>;

/** What an example costs under typed terms, by the same function that charges real calls. */
export function examplePrice(
  { rateCards, minimumNanoUsd, prepaid }: PricedTerms,
  meters: readonly ListedMeter[],
  { model, inputTokens, outputTokens, callsPerMonth }: ExampleCall,
): ExamplePrice {
  const cards = rateCards.map(toRateCard);
  const data = {
    model,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    status: 200,
  };
  const usage = measure(meters as readonly Meter[], 'request', data);
  const terms = { rateCards: cards, minimumNanoUsd: amountOf(minimumNanoUsd), prepaid: prepaid ? { packs: [] } : null };
  const { feeNanoUsd, adjustments, totalNanoUsd, tiered, unpriced } = priceCycle(terms, usage, BigInt(callsPerMonth));
  return {
    callNanoUsd: rate(cards, usage).amountNanoUsd,
    ...{ feeNanoUsd, tiered, monthNanoUsd: totalNanoUsd, refused: unpriced.length > 0 },
    adjustments: adjustments.map(({ kind, amountNanoUsd }) => ({ kind, amountNanoUsd })),
  };
}

function toRateCard(card: NewTerms['rateCards'][number]): RateCard {
  const { key, name, price, includedUnits, percentOff, amountOffNanoUsd } = card;
  const included = includedUnits === undefined ? undefined : BigInt(includedUnits);
  const adjusted = { includedUnits: included, percentOff, amountOffNanoUsd: amountOf(amountOffNanoUsd) };
  return { key, name, ...adjusted, price: toPrice(price) };
}

function amountOf(text: string | undefined) {
  return text === undefined ? undefined : nanoUsd(BigInt(text));
}

function toPrice(price: NewTerms['rateCards'][number]['price']): Price {
  switch (price.kind) {
    case 'flat':
      return { ...price, amountNanoUsd: nanoUsd(BigInt(price.amountNanoUsd)) };
    case 'package':
      return { ...price, units: BigInt(price.units) };
    case 'graduated':
    case 'volume': {
      const tiers = price.tiers.map(({ upTo, usdPerUnit, flatUsd = '0' }) => {
        return { upTo: upTo === null ? null : BigInt(upTo), usdPerUnit, flatUsd };
      });
      return { ...price, tiers };
    }
    default:
      return price;
  }
}
