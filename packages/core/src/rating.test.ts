import { describe, expect, it } from 'vitest';
import type { Quantity } from './meter.ts';
import { nanoUsd } from './money.ts';
import type { RateCard } from './price.ts';
import { periodFee, rate } from './rating.ts';
import { ceil } from './rational.ts';

const flat = (key: string, amount: bigint, paymentTerm: 'in-advance' | 'in-arrears'): RateCard => ({
  ...{ key, name: key },
  price: { kind: 'flat', amountNanoUsd: nanoUsd(amount), paymentTerm },
});
const perUnit = (key: string, meter: string, usdPerUnit: string): RateCard => ({
  ...{ key, name: key },
  price: { kind: 'per-unit', meter, usdPerUnit },
});
const perModel = (key: string, meter: string, prices: Record<string, string>, other: string | null): RateCard => ({
  ...{ key, name: key },
  price: { kind: 'per-model-token', meter, usdPerMillionByModel: prices, defaultUsdPerMillion: other },
});
const used = (meter: string, quantity: bigint, model?: string): Quantity => ({
  ...{ meter, quantity },
  dimensions: model === undefined ? {} : { model },
});

describe('rate: per unit', () => {
  it('price times quantity', () => {
    expect(rate([perUnit('calls', 'requests', '0.01')], [used('requests', 3n)]).amountNanoUsd).toBe(30_000_000n);
  });

  it('a price below a nano-dollar rounds up once over all units, not once a unit', () => {
    const cards = [perUnit('bytes', 'bytes_out', '0.000000000001')];
    expect(rate(cards, [used('bytes_out', 1n)]).amountNanoUsd).toBe(1n);
    expect(rate(cards, [used('bytes_out', 1_000n)]).amountNanoUsd).toBe(1n);
    expect(rate(cards, [used('bytes_out', 1_001n)]).amountNanoUsd).toBe(2n);
  });

  it('other meters cost nothing', () => {
    const rated = rate([perUnit('calls', 'requests', '0.01')], [used('input_tokens', 9n)]);
    expect(rated).toMatchObject({ amountNanoUsd: 0n, lines: [], unpriced: [] });
  });

  it('nothing used costs nothing', () => {
    expect(rate([perUnit('calls', 'requests', '0.01')], []).amountNanoUsd).toBe(0n);
    expect(rate([perUnit('calls', 'requests', '0.01')], [used('requests', 0n)]).amountNanoUsd).toBe(0n);
  });
});

describe('rate: tokens by model', () => {
  const prices = { 'gpt-small': '0.15', 'gpt-large': '2.5', free: '0' };

  it('dollars per million units of the model that was used', () => {
    const cards = [perModel('input', 'input_tokens', prices, null)];
    expect(rate(cards, [used('input_tokens', 1_000_000n, 'gpt-small')]).amountNanoUsd).toBe(150_000_000n);
    expect(rate(cards, [used('input_tokens', 1n, 'gpt-large')]).amountNanoUsd).toBe(2_500n);
  });

  it('a model that is not listed has the default price', () => {
    const rated = rate([perModel('input', 'input_tokens', prices, '10')], [used('input_tokens', 7n, 'new-model')]);
    expect(rated).toMatchObject({ amountNanoUsd: 70_000n, unpriced: [] });
  });

  it('without a default it is unpriced, and named: not free', () => {
    const rated = rate([perModel('input', 'input_tokens', prices, null)], [used('input_tokens', 7n, 'new-model')]);
    expect(rated).toMatchObject({ amountNanoUsd: 0n, lines: [], unpriced: ['new-model'] });
  });

  it('a model listed at zero is priced', () => {
    const rated = rate([perModel('input', 'input_tokens', prices, null)], [used('input_tokens', 7n, 'free')]);
    expect(rated).toMatchObject({ amountNanoUsd: 0n, unpriced: [] });
    expect(rated.lines).toHaveLength(1);
  });

  it('tokens without a model have the default price, or are unpriced', () => {
    expect(rate([perModel('i', 'tokens', prices, '1')], [used('tokens', 5n)]).amountNanoUsd).toBe(5_000n);
    expect(rate([perModel('i', 'tokens', prices, null)], [used('tokens', 5n)]).unpriced).toEqual(['(no model)']);
  });

  it.each(['constructor', '__proto__', 'toString'])('a model called %s is no listed one', (model) => {
    expect(rate([perModel('i', 'tokens', prices, null)], [used('tokens', 5n, model)]).unpriced).toEqual([model]);
  });
});

describe('rate: a price list', () => {
  it('adds what every card asks for, and rounds up once', () => {
    const cards = [
      perModel('input', 'input_tokens', { m: '0.0001' }, null),
      perModel('output', 'output_tokens', { m: '0.0001' }, null),
      perUnit('calls', 'requests', '0.000000000800'),
      flat('fee', 49_000_000_000n, 'in-advance'),
    ];
    const usage = [used('input_tokens', 1n, 'm'), used('output_tokens', 1n, 'm'), used('requests', 1n)];
    const rated = rate(cards, usage);
    expect(rated.lines.map((line) => [line.rateCardKey, line.meter, line.model, line.quantity])).toEqual([
      ['input', 'input_tokens', 'm', 1n],
      ['output', 'output_tokens', 'm', 1n],
      ['calls', 'requests', null, 1n],
    ]);
    expect(rated.lines.map((line) => ceil(line.exactNanoUsd))).toEqual([1n, 1n, 1n]);
    expect(rated.amountNanoUsd).toBe(1n);
  });

  it('flat fees belong to a period, not to a call', () => {
    expect(rate([flat('fee', 5n, 'in-advance')], [used('requests', 1n)]).amountNanoUsd).toBe(0n);
  });

  it('one price text for units and for millions of them stays two prices', () => {
    const usage = [used('requests', 1n), used('tokens', 1n, 'm')];
    const rated = rate([perUnit('a', 'requests', '1'), perModel('b', 'tokens', { m: '1' }, null)], usage);
    expect(rated.amountNanoUsd).toBe(1_000_001_000n);
  });

  it('refuses a price that is no decimal', () => {
    expect(() => rate([perUnit('a', 'requests', '1e-3')], [used('requests', 1n)])).toThrow(RangeError);
  });
});

describe('periodFee', () => {
  it('is the sum of the flat fees of that payment term', () => {
    const cards = [
      flat('base', 49_000_000_000n, 'in-advance'),
      flat('support', 1_000_000_000n, 'in-advance'),
      flat('late', 7n, 'in-arrears'),
      perUnit('calls', 'requests', '1'),
    ];
    expect(periodFee(cards, 'in-advance')).toBe(50_000_000_000n);
    expect(periodFee(cards, 'in-arrears')).toBe(7n);
    expect(periodFee([], 'in-advance')).toBe(0n);
  });
});
