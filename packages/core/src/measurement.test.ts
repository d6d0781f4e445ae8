import { describe, expect, it } from 'vitest';
import { measureCall, measureIngested } from './measurement.ts';
import type { Aggregation, Meter } from './meter.ts';

function meterOf(aggregation: Aggregation, valueProperty: string | null = '$.used.tokens'): Meter {
  return {
    slug: aggregation.toLowerCase(),
    eventType: 'job',
    aggregation,
    valueProperty,
    groupBy: { model: '$.model' },
  };
}

describe('measureIngested', () => {
  const data = { model: 'm', used: { tokens: 0.25 } };

  it('adds a number as it was sent, and leaves what does not add up without a quantity', () => {
    const meters = [meterOf('COUNT', null), meterOf('SUM'), meterOf('MAX'), meterOf('UNIQUE_COUNT', '$.model')];
    const dimensions = { model: 'm' };
    expect(measureIngested(meters, 'job', data)).toEqual([
      { meter: 'count', quantity: '1', value: null, dimensions },
      { meter: 'sum', quantity: '0.25', value: '0.25', dimensions },
      { meter: 'max', quantity: null, value: '0.25', dimensions },
      { meter: 'unique_count', quantity: null, value: 'm', dimensions },
    ]);
    expect(measureIngested(meters, 'other', data)).toEqual([]);
  });

  it.each([
    [-3, '-3'],
    [1e21, '1e+21'],
    ['12.50', '12.50'],
    ['1e3', '1e3'],
    ['many', null],
    ['', null],
    [true, null],
    [null, null],
    [[1], null],
  ])('reads the number of %j as %j', (tokens, value) => {
    expect(measureIngested([meterOf('SUM')], 'job', { used: { tokens } })).toMatchObject([
      { quantity: value ?? '0', value, dimensions: {} },
    ]);
  });

  it('finds members of the data alone', () => {
    const meter = meterOf('UNIQUE_COUNT', '$.constructor.name');
    expect(measureIngested([meter], 'job', {})).toMatchObject([{ value: null }]);
  });
});

describe('measureCall', () => {
  it('adds whole units, never below zero, and keeps the number for other aggregations', () => {
    const meters = [meterOf('SUM', '$.duration_ms'), meterOf('AVG', '$.duration_ms')];
    expect(measureCall(meters, 'job', { duration_ms: 1.5 })).toMatchObject([
      { quantity: '2', value: '1.5' },
      { quantity: null, value: '1.5' },
    ]);
    expect(measureCall(meters, 'job', { duration_ms: -1.5 })).toMatchObject([{ quantity: '0' }, { value: '-1.5' }]);
  });
});
