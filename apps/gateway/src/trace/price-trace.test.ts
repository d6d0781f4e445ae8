import { priceTrace as priceTraceSchema } from '@tollwright/contracts';
import { add, ceil, parseDecimal, type RateCard, rate, ZERO } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { priceTrace } from './price-trace.ts';

const perToken = (key: string, usd: string): RateCard => ({
  ...{ key, name: key },
  price: { kind: 'per-model-token', meter: key, usdPerMillionByModel: { small: usd }, defaultUsdPerMillion: null },
});
const used = (meter: string, quantity: bigint) => ({ meter, quantity, dimensions: { model: 'small' } });

describe('the price in a trace', () => {
  it('adds up: its lines, rounded up once, are the amount', () => {
    const cards = [perToken('input', '0.15'), perToken('output', '0.000000000001')];
    const made = priceTrace(rate(cards, [used('input', 333n), used('output', 7n)]));
    expect(made).toEqual({
      lines: [
        {
          ...{ rateCard: 'input', meter: 'input', model: 'small', quantity: '333' },
          ...{ nanoUsdPerUnit: '150', nanoUsd: '49950' },
        },
        {
          ...{ rateCard: 'output', meter: 'output', model: 'small', quantity: '7' },
          ...{ nanoUsdPerUnit: '0.000000001', nanoUsd: '0.000000007' },
        },
      ],
      exactNanoUsd: '49950.000000007',
      amountNanoUsd: '49951',
    });
    const sum = (made?.lines ?? []).reduce((all, line) => add(all, parseDecimal(line.nanoUsd)), ZERO);
    expect(ceil(sum).toString()).toBe(made?.amountNanoUsd);
    expect(priceTraceSchema.parse(made)).toEqual(made);
  });

  it('is not shown when it has more lines than can be', () => {
    const cards = Array.from({ length: 65 }, (_, index): RateCard => ({ ...perToken('input', '1'), key: `k${index}` }));
    expect(priceTrace(rate(cards, [used('input', 1n)]))).toBeNull();
  });
});
