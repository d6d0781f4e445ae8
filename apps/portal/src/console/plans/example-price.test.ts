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
      refused: false,
    });
  });

  it('says that a model without a price is refused', () => {
    expect(examplePrice({ rateCards: RATE_CARDS }, METERS, { ...CALL, model: 'huge' }).refused).toBe(true);
  });
});
