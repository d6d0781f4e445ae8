import { type Meter, measure, nanoUsd, periodFee, type RateCard, rate } from '@tollwright/core';
import type { Meter as ListedMeter, NewTerms } from '../outputs.ts';

/** A call to try prices on. */
export interface ExampleCall {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly callsPerMonth: number;
}

export interface ExamplePrice {
  readonly callNanoUsd: bigint;
  readonly feeNanoUsd: bigint;
  /** Fee and calls together; each call is rounded up by itself, as it is charged. */
  readonly monthNanoUsd: bigint;
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
  const { amountNanoUsd, unpriced } = rate(cards, measure(meters as readonly Meter[], 'request', data));
  const feeNanoUsd = periodFee(cards, 'in-advance') + periodFee(cards, 'in-arrears');
  return {
    callNanoUsd: amountNanoUsd,
    feeNanoUsd,
    monthNanoUsd: feeNanoUsd + amountNanoUsd * BigInt(callsPerMonth),
    refused: unpriced.length > 0,
  };
}

function toRateCard({ key, name, price }: NewTerms['rateCards'][number]): RateCard {
  if (price.kind !== 'flat') return { key, name, price };
  return { key, name, price: { ...price, amountNanoUsd: nanoUsd(BigInt(price.amountNanoUsd)) } };
}
