import type { PolicyConfig } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { planOf } from '../policy-harness.ts';
import { createTariff } from '../tariff.ts';
import { createTiers } from './tiers.ts';

const options = {
  tiers: { premium_tokens: ['large', 'huge'] },
  otherModels: 'standard_tokens',
  quantity: 'total_tokens',
};
const sum = (slug: string) => ({
  ...{ slug, eventType: 'request', aggregation: 'SUM' as const, valueProperty: `$.${slug}`, groupBy: {} },
});
const card = (meter: string, usdPerUnit: string) => ({
  ...{ key: meter, name: meter, price: { kind: 'per-unit' as const, meter, usdPerUnit } },
});

describe('tiers', () => {
  it('put the tokens of a model under its tier', () => {
    const tiers = createTiers(options);
    expect(tiers?.({ model: 'huge', total_tokens: 12 })).toEqual({ premium_tokens: 12, standard_tokens: 0 });
    expect(tiers?.({ model: 'small', total_tokens: 12 })).toEqual({ premium_tokens: 0, standard_tokens: 12 });
    expect(tiers?.({ total_tokens: 12 })).toEqual({ premium_tokens: 0, standard_tokens: 12 });
    expect(tiers?.({ model: 'huge' })).toEqual({ premium_tokens: 0, standard_tokens: 0 });
  });

  it('without a tier for others, these are in none', () => {
    const tiers = createTiers({ ...options, otherModels: '' });
    expect(tiers?.({ model: 'small', total_tokens: 12 })).toEqual({ premium_tokens: 0 });
    expect(createTiers({ ...options, tiers: {}, otherModels: '' })).toBeNull();
  });

  it("price a call by its model's tier; the plan's tiers come before the API's", () => {
    const monetization = (tiers: object): PolicyConfig => ({
      type: 'monetization',
      options: { ...options, ...tiers },
      shadow: false,
    });
    const plan = planOf([monetization({})]);
    const terms = { ...plan.terms, rateCards: [card('premium_tokens', '0.01'), card('standard_tokens', '0.001')] };
    const meters = [sum('premium_tokens'), sum('standard_tokens')];
    const tariff = createTariff({ ...plan, terms }, meters, 'request', [
      monetization({ tiers: { premium_tokens: ['small'] } }),
    ]);
    const price = (model: string) => tariff.price({ model, total_tokens: 100 }).rated.amountNanoUsd;
    expect([price('large'), price('small')]).toEqual([1_000_000_000n, 100_000_000n]);
  });
});
