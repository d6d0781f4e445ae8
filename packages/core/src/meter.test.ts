import { describe, expect, it } from 'vitest';
import { type EventData, type Meter, measure } from './meter.ts';

const count: Meter = { slug: 'requests', eventType: 'request', aggregation: 'COUNT', valueProperty: null, groupBy: {} };
const tokens: Meter = {
  ...{ slug: 'input_tokens', eventType: 'request', aggregation: 'SUM', valueProperty: '$.input_tokens' },
  groupBy: { model: '$.model', route: '$.route' },
};
const quantityOf = (value: EventData[string]) => measure([tokens], 'request', { input_tokens: value })[0]?.quantity;

describe('measure', () => {
  it('COUNT adds one an event, whatever its data', () => {
    expect(measure([count], 'request', {})).toEqual([{ meter: 'requests', quantity: 1n, dimensions: {} }]);
  });

  it('SUM adds the value, cut by the dimensions that the event has', () => {
    expect(measure([tokens], 'request', { input_tokens: 12, model: 'small', other: true })).toEqual([
      { meter: 'input_tokens', quantity: 12n, dimensions: { model: 'small' } },
    ]);
  });

  it('every meter of the type measures, those of other types do not', () => {
    const other: Meter = { ...count, slug: 'jobs', eventType: 'job' };
    expect(measure([count, other, tokens], 'request', {}).map(({ meter }) => meter)).toEqual([
      'requests',
      'input_tokens',
    ]);
  });

  it.each([
    [7, 7n],
    ['7', 7n],
    [0.2, 1n],
    [2.000001, 3n],
    [2 ** 53 - 1, 9_007_199_254_740_991n],
  ])('a value of %j counts as %d', (value, quantity) => {
    expect(quantityOf(value)).toBe(quantity);
  });

  it.each([null, false, '', 'many', -1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'a value of %j counts as nothing',
    (value) => {
      expect(quantityOf(value)).toBe(0n);
    },
  );

  it('a value that the event lacks counts as nothing', () => {
    expect(measure([tokens], 'request', {})[0]?.quantity).toBe(0n);
  });

  it('dimensions are text, also of numbers and booleans; null is no dimension', () => {
    const meter: Meter = { ...count, groupBy: { status: '$.status', cached: '$.cached', model: '$.model' } };
    expect(measure([meter], 'request', { status: 200, cached: false, model: null })[0]?.dimensions).toEqual({
      status: '200',
      cached: 'false',
    });
  });

  it('an aggregation of a later release measures nothing rather than something wrong', () => {
    expect(measure([{ ...tokens, aggregation: 'MAX' }], 'request', { input_tokens: 5 })[0]?.quantity).toBe(0n);
  });
});
