import type { OfferedTerms } from '@tollwright/contracts';
import { discountTexts, unitPriceText } from './unit-price-text.ts';

type RateCard = OfferedTerms['rateCards'][number];

/** Prices per million units: one line a model, one column a meter. */
export interface ModelPrices {
  readonly columns: readonly { readonly meter: string; readonly name: string }[];
  /** `model` is null for the line of all models that are not listed; a price is null where there is none. */
  readonly lines: readonly { readonly model: string | null; readonly usdPerMillion: readonly (string | null)[] }[];
}

/** The token prices of a plan as a table. Models in the order in which the plan lists them; "any other" last, if priced. */
export function modelPrices(rateCards: readonly RateCard[]): ModelPrices {
  const prices = rateCards.flatMap(({ name, price }) => (price.kind === 'per-model-token' ? [{ name, price }] : []));
  const models = [...new Set(prices.flatMap(({ price }) => Object.keys(price.usdPerMillionByModel)))];
  const listed = models.map((model) => ({
    model,
    usdPerMillion: prices.map(({ price }) =>
      Object.hasOwn(price.usdPerMillionByModel, model)
        ? (price.usdPerMillionByModel[model] ?? null)
        : price.defaultUsdPerMillion,
    ),
  }));
  const others = { model: null, usdPerMillion: prices.map(({ price }) => price.defaultUsdPerMillion) };
  return {
    columns: prices.map(({ name, price }) => ({ meter: price.meter, name })),
    lines: others.usdPerMillion.some((price) => price !== null) ? [...listed, others] : listed,
  };
}

/** The monthly fee of a plan, all flat fees together. Nano-dollars as text. */
export function monthlyFeeNanoUsd(rateCards: readonly RateCard[]): string {
  let total = 0n;
  for (const { price } of rateCards) if (price.kind === 'flat') total += BigInt(price.amountNanoUsd);
  return total.toString();
}

/** What units of meters cost, and what comes off prices by model, in words. */
export function unitPrices(rateCards: readonly RateCard[]) {
  return rateCards.flatMap((card) => {
    const text = unitPriceText(card) ?? discountTexts(card).join('; ');
    return text === '' ? [] : [{ key: card.key, name: card.name, text }];
  });
}
