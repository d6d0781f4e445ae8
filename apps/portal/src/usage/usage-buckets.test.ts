import type { UsageSeries } from '@tollwright/services';
import { describe, expect, it } from 'vitest';
import { OTHERS_KEY, usageBuckets } from './usage-buckets.ts';

const figures = (calls: number, chargedNanoUsd = '0') => ({
  calls,
  errors: 0,
  inputTokens: 10,
  outputTokens: 5,
  ratedNanoUsd: chargedNanoUsd,
  chargedNanoUsd,
  shortfallNanoUsd: '0',
});

const series: UsageSeries = {
  from: '2026-11-23T00:00:00.000Z',
  to: '2026-11-25T00:00:00.000Z',
  interval: 'day',
  timeZone: 'UTC',
  buckets: ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
  groups: [
    { key: 'small', label: 'small', ...figures(3, '900') },
    { key: '', label: 'No model', ...figures(1) },
    { key: null, label: 'Others', ...figures(2, '5') },
  ],
  points: [
    { at: '2026-11-24T00:00:00.000Z', key: 'small', ...figures(3, '900') },
    { at: '2026-11-24T00:00:00.000Z', key: '', ...figures(1) },
    { at: '2026-11-24T00:00:00.000Z', key: null, ...figures(2, '5') },
  ],
};

describe('usageBuckets', () => {
  it('keeps buckets in which nothing happened', () => {
    expect(usageBuckets(series, 'calls').buckets).toEqual([
      { at: '2026-11-23T00:00:00.000Z', values: {} },
      { at: '2026-11-24T00:00:00.000Z', values: { small: '3', '(none)': '1', [OTHERS_KEY]: '2' } },
    ]);
  });

  it('counts money, calls and tokens of the same points', () => {
    const valuesOf = (name: 'charged' | 'tokens') => usageBuckets(series, name).buckets[1]?.values;
    expect(valuesOf('charged')).toEqual({ small: '900', [OTHERS_KEY]: '5' });
    expect(valuesOf('tokens')).toEqual({ small: '15', '(none)': '15', [OTHERS_KEY]: '15' });
  });

  it('names groups, and gives hues to all but the sum of others', () => {
    const { labels, hues } = usageBuckets(series, 'calls');
    expect(labels[OTHERS_KEY]).toBe('Others');
    expect(Object.keys(hues)).toEqual(['small', '(none)']);
  });

  it('gives the only series of an ungrouped question a hue', () => {
    const ungrouped = { ...series, groups: [{ key: null, label: 'All', ...figures(6) }], points: [] };
    expect(usageBuckets(ungrouped, 'calls').hues).toEqual({ [OTHERS_KEY]: 1 });
  });
});
