import { describe, expect, it } from 'vitest';
import { unitPriceText } from './unit-price-text.ts';

const named = { key: 'k', name: 'K' };
const meter = 'api_calls';
const tiers = [
  { upTo: '100', usdPerUnit: '0', flatUsd: '0' },
  { upTo: '1000', usdPerUnit: '0.02', flatUsd: '5' },
  { upTo: null, usdPerUnit: '0.01', flatUsd: '0' },
];

describe('unitPriceText', () => {
  it.each([
    ['0.5 USD for each of api calls', { ...named, price: { kind: 'per-unit' as const, meter, usdPerUnit: '0.5' } }],
    [
      '3 USD for every 1,000 api calls begun; the first 2,000 a month are included; 25 % off',
      {
        ...{ ...named, includedUnits: '2000', percentOff: 25 },
        price: { kind: 'package' as const, meter, units: '1000', usdPerPackage: '3' },
      },
    ],
    [
      'up to 100 api calls a month 0 USD each, up to 1,000 0.02 USD each and 5 USD once, then 0.01 USD each',
      { ...named, price: { kind: 'graduated' as const, meter, tiers } },
    ],
    [
      'all api calls a month 0.01 USD each',
      { ...named, price: { kind: 'graduated' as const, meter, tiers: tiers.slice(2) } },
    ],
    [
      'all api calls of a month at one price, of how many they are: up to 100 0 USD each, up to 1,000 0.02 USD each and 5 USD once, for more 0.01 USD each; 2.50 USD a month off',
      { ...named, amountOffNanoUsd: '2500000000', price: { kind: 'volume' as const, meter, tiers } },
    ],
    [null, { ...named, price: { kind: 'flat' as const, amountNanoUsd: '1', paymentTerm: 'in-advance' as const } }],
  ])('says %s', (text, card) => {
    expect(unitPriceText(card)).toBe(text);
  });
});
