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

describe('unitPrices', () => {
  it('says what comes off a price by model, which has no words of its own', () => {
    const card = { ...perModel('input', { small: '2.5' }, null), percentOff: 10, amountOffNanoUsd: '5000000000' };
    expect(unitPrices([card, perModel('output', {}, '1')])).toEqual([
      { key: 'input', name: 'input', text: '10 % off; 5.00 USD a month off' },
    ]);
  });
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
