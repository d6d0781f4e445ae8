import { describe, expect, it } from 'vitest';
import { routePriceText } from './route-price.ts';

const tokens = (meter: string) => ({
  key: meter,
  name: meter,
  price: { kind: 'per-model-token' as const, meter, usdPerMillionByModel: {}, defaultUsdPerMillion: '1' },
});
const each = (meter: string, usdPerUnit: string) => ({
  key: meter,
  name: meter,
  price: { kind: 'per-unit' as const, meter, usdPerUnit },
});
const fee = {
  key: 'fee',
  name: 'Fee',
  price: { kind: 'flat' as const, amountNanoUsd: '29000000000', paymentTerm: 'in-advance' as const },
};
const all = ['requests', 'input_tokens', 'output_tokens'];

describe('routePriceText', () => {
  it.each([
    ['no charge', [], all],
    ['no charge', [fee], all],
    ['by tokens and model', [fee, tokens('input_tokens'), tokens('output_tokens')], all],
    ['no charge', [tokens('input_tokens')], ['requests']],
    ['0.002 USD for each of requests', [each('requests', '0.002'), tokens('input_tokens')], ['requests']],
    ['0.002 USD for each of requests + by tokens and model', [tokens('input_tokens'), each('requests', '0.002')], all],
  ])('says %s', (text, rateCards, meters) => {
    expect(routePriceText(rateCards, meters)).toBe(text);
  });
});
