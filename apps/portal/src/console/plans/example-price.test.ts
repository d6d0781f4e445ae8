import { describe, expect, it } from 'vitest';
import type { Meter, NewTerms } from '../outputs.ts';
import { examplePrice } from './example-price.ts';

const meter = (slug: string): Meter => ({
  id: slug,
  slug,
  name: slug,
  eventType: 'request',
  aggregation: 'SUM',
  valueProperty: `$.${slug}`,
  groupBy: { model: '$.model' },
  createdAt: '',
  updatedAt: '',
});
const METERS = [meter('input_tokens'), meter('output_tokens')];
const perModel = (slug: string, price: string): NewTerms['rateCards'][number] => ({
  key: slug,
  name: slug,
  price: { kind: 'per-model-token', meter: slug, usdPerMillionByModel: { small: price }, defaultUsdPerMillion: null },
});
const RATE_CARDS: NewTerms['rateCards'] = [
  { key: 'fee', name: 'Fee', price: { kind: 'flat', amountNanoUsd: '49000000000', paymentTerm: 'in-advance' } },
  perModel('input_tokens', '2.5'),
  perModel('output_tokens', '7.5'),
];
const CALL = { model: 'small', inputTokens: 1_000, outputTokens: 200, callsPerMonth: 10_000 };

describe('examplePrice', () => {
  it('prices tokens of both meters, and a month with its fee', () => {
    expect(examplePrice({ rateCards: RATE_CARDS }, METERS, CALL)).toEqual({
      callNanoUsd: 4_000_000n,
      feeNanoUsd: 49_000_000_000n,
      monthNanoUsd: 89_000_000_000n,
      adjustments: [],
      tiered: false,
      refused: false,
    });
  });

  it('prices a month in tiers, and its first call', () => {
    const requests: Meter = { ...meter('requests'), aggregation: 'COUNT', valueProperty: null };
    const tiers = [
      { upTo: '1000', usdPerUnit: '0.01', flatUsd: '0' },
      { upTo: null, usdPerUnit: '0.005', flatUsd: '2' },
    ];
    const card = { key: 'calls', name: 'Calls', price: { kind: 'graduated' as const, meter: 'requests', tiers } };
    expect(examplePrice({ rateCards: [card] }, [requests], CALL)).toEqual({
      callNanoUsd: 10_000_000n,
      feeNanoUsd: 0n,
      monthNanoUsd: (10n + 2n + 45n) * 10n ** 9n,
      adjustments: [],
      tiered: true,
      refused: false,
    });
  });

  it('prices a month by its volume, less an amount, up to a minimum', () => {
    const requests: Meter = { ...meter('requests'), aggregation: 'COUNT', valueProperty: null };
    const tiers = [
      { upTo: '1000', usdPerUnit: '0.01', flatUsd: '0' },
      { upTo: null, usdPerUnit: '0.005', flatUsd: '2' },
    ];
    const price = { kind: 'volume' as const, meter: 'requests', tiers };
    const card = { key: 'calls', name: 'Calls', amountOffNanoUsd: '7000000000', price };
    const typed = { rateCards: [card], minimumNanoUsd: '60000000000' };
    expect(examplePrice(typed, [requests], CALL)).toMatchObject({
      adjustments: [
        { kind: 'rerating', amountNanoUsd: -5n * 10n ** 9n },
        { kind: 'discount', amountNanoUsd: -7n * 10n ** 9n },
        { kind: 'minimum', amountNanoUsd: 15n * 10n ** 9n },
      ],
      monthNanoUsd: 60n * 10n ** 9n,
    });
    expect(examplePrice({ ...typed, prepaid: { packs: [] } }, [requests], CALL).adjustments).toEqual([
      { kind: 'minimum', amountNanoUsd: 3n * 10n ** 9n },
    ]);
  });

  it('says that a model without a price is refused', () => {
    expect(examplePrice({ rateCards: RATE_CARDS }, METERS, { ...CALL, model: 'huge' }).refused).toBe(true);
  });
});
