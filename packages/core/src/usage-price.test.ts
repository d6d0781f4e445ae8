import { describe, expect, it } from 'vitest';
import type { Quantity } from './meter.ts';
import type { RateCard, UsagePrice } from './price.ts';
import { rate, rateWorst, tieredMeters } from './rating.ts';
import { pricingOf, type UsageCard } from './usage-price.ts';

const card = (price: UsagePrice, more: Partial<RateCard> = {}): RateCard => ({
  key: 'card',
  name: 'Card',
  price,
  ...more,
});
const calls = (quantity: bigint): Quantity[] => [{ meter: 'requests', quantity, dimensions: {} }];
const at = (units: bigint) => new Map([['requests', units]]);
const usd = (one: RateCard, units: bigint, from = 0n) =>
  Number(rate([one], calls(units), at(from)).amountNanoUsd) / 1e9;
const worstUsd = (one: RateCard, units: bigint) => Number(rateWorst([one], calls(units)).amountNanoUsd) / 1e9;

const graduated = card({
  kind: 'graduated',
  meter: 'requests',
  tiers: [
    { upTo: 100n, usdPerUnit: '0', flatUsd: '0' },
    { upTo: 1_000n, usdPerUnit: '0.02', flatUsd: '5' },
    { upTo: null, usdPerUnit: '0.01', flatUsd: '0' },
  ],
});
const packages = card({ kind: 'package', meter: 'requests', units: 1_000n, usdPerPackage: '3' });

describe('graduated', () => {
  it.each([
    [0n, 0],
    [100n, 0],
    [101n, 5.02],
    [1_000n, 23],
    [1_001n, 23.01],
    [2_000n, 33],
  ])('%d units cost %d USD: the border belongs to the tier that ends there', (units, dollars) => {
    expect(usd(graduated, units)).toBe(dollars);
  });

  it('counts on from the position: the fee of a tier is paid by the call that enters it', () => {
    expect(usd(graduated, 2n, 99n)).toBe(5.02);
    expect(usd(graduated, 1n, 101n)).toBe(0.02);
    expect(usd(graduated, 2n, 999n)).toBe(0.03);
  });

  it('holds what the dearest stretch costs, wherever it is', () => {
    expect(worstUsd(graduated, 1n)).toBe(5.02);
    expect(worstUsd(graduated, 0n)).toBe(0);
  });
});

describe('volume', () => {
  const volume = card({
    kind: 'volume',
    meter: 'requests',
    tiers: [
      { upTo: 100n, usdPerUnit: '0.03', flatUsd: '0' },
      { upTo: 1_000n, usdPerUnit: '0.02', flatUsd: '5' },
      { upTo: null, usdPerUnit: '0.01', flatUsd: '0' },
    ],
  });

  it('is charged at the tier reached so far, as a graduated price is', () => {
    expect([usd(volume, 100n), usd(volume, 1n, 100n), usd(volume, 1n, 1_000n)]).toEqual([3, 5.02, 0.01]);
    expect(worstUsd(volume, 1n)).toBe(5.02);
    expect(tieredMeters([volume])).toEqual(['requests']);
  });

  it.each([
    [0n, 0],
    [1n, 0.03],
    [100n, 3],
    [101n, 7.02],
    [1_000n, 25],
    [1_001n, 10.01],
  ])(
    'costs for %d units %d USD when its cycle is closed: the border belongs to the tier that ends there',
    (all, dollars) => {
      const exact = pricingOf(volume as UsageCard).closing?.({ before: 0n, units: all, all });
      expect(Number(exact?.numerator) / Number(exact?.denominator) / 1e9).toBe(dollars);
    },
  );
});

describe('packages', () => {
  it('a package is paid once it is begun', () => {
    expect([usd(packages, 1n), usd(packages, 1_000n), usd(packages, 1_001n)]).toEqual([3, 3, 6]);
    expect([usd(packages, 999n, 1n), usd(packages, 1n, 1_000n)]).toEqual([0, 3]);
  });
});

describe('included units and a percentage', () => {
  const price = { kind: 'per-unit', meter: 'requests', usdPerUnit: '0.10' } as const;

  it('what is included is free; after it the price holds', () => {
    const included = card(price, { includedUnits: 50n });
    expect([usd(included, 50n), usd(included, 51n), usd(included, 2n, 49n), usd(included, 2n, 50n)]).toEqual([
      0, 0.1, 0.1, 0.2,
    ]);
    expect(worstUsd(included, 2n)).toBe(0.2);
  });

  it('a percentage is taken off every unit', () => {
    expect(usd(card(price, { percentOff: 25 }), 8n)).toBe(0.6);
    expect(worstUsd(card(price, { percentOff: 25 }), 8n)).toBe(0.6);
    expect(usd({ ...graduated, percentOff: 50 }, 101n)).toBe(2.51);
  });

  it('tiers begin after what is included', () => {
    expect(usd({ ...graduated, includedUnits: 1_000n }, 1_101n)).toBe(5.02);
  });
});

describe('meters that are counted over a billing period', () => {
  it('are those whose next unit depends on how many there were', () => {
    const plain = card({ kind: 'per-unit', meter: 'pages', usdPerUnit: '1' });
    const byModel = card({
      kind: 'per-model-token',
      meter: 'tokens',
      usdPerMillionByModel: {},
      defaultUsdPerMillion: '1',
    });
    expect(tieredMeters([plain, byModel, graduated, packages])).toEqual(['requests']);
    expect(tieredMeters([{ ...plain, includedUnits: 1n }])).toEqual(['pages']);
  });
});
