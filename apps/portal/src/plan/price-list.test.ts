import { describe, expect, it } from 'vitest';
import { modelPrices, monthlyFeeNanoUsd, unitPrices } from './price-list.ts';

const perModel = (
  meter: string,
  usdPerMillionByModel: Record<string, string>,
  defaultUsdPerMillion: string | null,
) => ({
  key: meter,
  name: meter,
  price: { kind: 'per-model-token' as const, meter, usdPerMillionByModel, defaultUsdPerMillion },
});
const fee = (amountNanoUsd: string) => ({
  key: 'fee',
  name: 'Fee',
  price: { kind: 'flat' as const, amountNanoUsd, paymentTerm: 'in-advance' as const },
});

describe('modelPrices', () => {
  it('makes one line a model and one column a meter', () => {
    const cards = [perModel('input', { small: '2.5' }, null), perModel('output', { small: '7.5', large: '15' }, '20')];
    expect(modelPrices(cards).lines).toEqual([
      { model: 'small', usdPerMillion: ['2.5', '7.5'] },
      { model: 'large', usdPerMillion: [null, '15'] },
      { model: null, usdPerMillion: [null, '20'] },
    ]);
  });

  it('has no line for other models where none is priced', () => {
    expect(modelPrices([perModel('input', { small: '1' }, null)]).lines).toHaveLength(1);
  });
});

describe('fees and unit prices', () => {
  it('adds flat fees up', () => {
    expect(monthlyFeeNanoUsd([fee('5'), fee('7')])).toBe('12');
  });

  it('finds prices per unit', () => {
    const card = { key: 'r', name: 'R', price: { kind: 'per-unit' as const, meter: 'requests', usdPerUnit: '0.01' } };
    expect(unitPrices([fee('5'), card])).toEqual([{ key: 'r', name: 'R', text: '0.01 USD for each of requests' }]);
  });
});
