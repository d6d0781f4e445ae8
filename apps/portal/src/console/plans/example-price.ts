import {
  type Meter,
  measure,
  nanoUsd,
  type Price,
  periodFee,
  type Quantity,
  type RateCard,
  rate,
  tieredMeters,
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
  /** Fee and calls together; each call is rounded up by itself, as it is charged. */
  readonly monthNanoUsd: bigint;
  /** Whether later calls of a month cost something else than the first; then the month is rounded up as a whole. */
  readonly tiered: boolean;
  /** Why the call would be refused instead: no price for the model. */
  readonly refused: boolean;
}

/** What an example costs under typed terms, by the same function that charges real calls. */
export function examplePrice(
  { rateCards }: Pick<NewTerms, 'rateCards'>,
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
  const { amountNanoUsd, unpriced } = rate(cards, usage);
  const tiered = tieredMeters(cards).some((slug) => usage.some(({ meter }) => meter === slug));
  const calls = BigInt(callsPerMonth);
  const feeNanoUsd = periodFee(cards, 'in-advance') + periodFee(cards, 'in-arrears');
  return {
    callNanoUsd: amountNanoUsd,
    feeNanoUsd,
    monthNanoUsd: feeNanoUsd + (tiered ? atOnce(cards, usage, calls) : amountNanoUsd * calls),
    tiered,
    refused: unpriced.length > 0,
  };
}

function atOnce(cards: readonly RateCard[], usage: readonly Quantity[], calls: bigint): bigint {
  const all = usage.map((one) => ({ ...one, quantity: one.quantity * calls }));
  return rate(cards, all).amountNanoUsd;
}

function toRateCard(card: NewTerms['rateCards'][number]): RateCard {
  const { key, name, price, includedUnits, percentOff } = card;
  const adjusted = { percentOff, includedUnits: includedUnits === undefined ? undefined : BigInt(includedUnits) };
  return { key, name, ...adjusted, price: toPrice(price) };
}

function toPrice(price: NewTerms['rateCards'][number]['price']): Price {
  switch (price.kind) {
    case 'flat':
      return { ...price, amountNanoUsd: nanoUsd(BigInt(price.amountNanoUsd)) };
    case 'package':
      return { ...price, units: BigInt(price.units) };
    case 'graduated': {
      const tiers = price.tiers.map(({ upTo, usdPerUnit, flatUsd = '0' }) => {
        return { upTo: upTo === null ? null : BigInt(upTo), usdPerUnit, flatUsd };
      });
      return { ...price, tiers };
    }
    default:
      return price;
  }
}
