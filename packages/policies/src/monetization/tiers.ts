import type { EventData } from '@tollwright/core';

/** Models by tier: `premium_tokens` -> [`gpt-large`]. `otherModels` is the tier of all other models, or empty. */
export interface TierOptions {
  readonly tiers: Readonly<Record<string, readonly string[]>>;
  readonly otherModels: string;
  readonly quantity: string;
}

/** Fields that tiers add to the data of a call. */
export type TierFields = (data: EventData) => Readonly<Record<string, number>>;

/**
 * Puts a quantity of a call, such as its total tokens, under the name of its model's tier; other tiers get 0. Null: no
 * tiers. A model of two tiers is in the first.
 */
export function createTiers({ tiers, otherModels, quantity }: TierOptions): TierFields | null {
  const names = [...new Set([...Object.keys(tiers), ...(otherModels === '' ? [] : [otherModels])])];
  if (names.length === 0) return null;
  const tierOf = new Map<string, string>();
  for (const [tier, models] of Object.entries(tiers)) {
    for (const model of models) if (!tierOf.has(model)) tierOf.set(model, tier);
  }
  return (data) => {
    const own = tierOf.get(String(data.model ?? '')) ?? otherModels;
    const amount = Number(data[quantity] ?? 0);
    const fields: Record<string, number> = {};
    for (const name of names) fields[name] = name === own && Number.isFinite(amount) ? amount : 0;
    return fields;
  };
}
