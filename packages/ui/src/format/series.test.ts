import { describe, expect, it } from 'vitest';
import { assignHues, colourOf, foldSeries, OTHER_KEY, type TimeBucket } from './series.ts';

const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

describe('assignHues', () => {
  it('gives the hues in their fixed order, once to each key', () => {
    expect(assignHues(['b', 'a', 'b', 'c'])).toEqual({ b: 1, a: 2, c: 3 });
  });

  it('stops at seven: the eighth key has the colour of Other', () => {
    const hues = assignHues(keys);
    expect(Object.keys(hues)).toHaveLength(7);
    expect(colourOf(hues, 'g')).toBe('var(--series-7)');
    expect(colourOf(hues, 'h')).toBe('var(--series-other)');
    expect(colourOf(hues, OTHER_KEY)).toBe('var(--series-other)');
  });

  it('is a plain object: only such may pass from a server component to a client one', () => {
    expect(Object.getPrototypeOf(assignHues(keys))).toBe(Object.prototype);
  });

  it('takes any text for a key, inherited names too', () => {
    expect(colourOf(assignHues(['__proto__', 'constructor']), 'constructor')).toBe('var(--series-2)');
    expect(colourOf(assignHues([]), 'toString')).toBe('var(--series-other)');
  });
});

describe('foldSeries', () => {
  const bucket = (at: string, values: Record<string, string>): TimeBucket => ({ at, values });

  it('adds up beyond the precision of floats', () => {
    const folded = foldSeries([bucket('t1', { a: '9007199254740993' }), bucket('t2', { a: '1' })]);
    expect(folded.total).toBe(9007199254740994n);
    expect(folded.series).toEqual([{ key: 'a', label: 'a', total: 9007199254740994n }]);
  });

  it('keeps the seven largest and folds the rest, losing nothing', () => {
    const values = Object.fromEntries(keys.map((key, index) => [key, String(100 - index)]));
    const folded = foldSeries([bucket('t1', values), bucket('t2', { i: '7' })]);
    expect(folded.series.map(({ key }) => key)).toEqual(['a', 'b', 'i', 'c', 'd', 'e', 'f', OTHER_KEY]);
    expect(folded.series.at(-1)).toEqual({ key: OTHER_KEY, label: 'Other (2)', total: 94n + 93n });
    expect(folded.buckets.map(({ total }) => total)).toEqual([864n, 7n]);
    expect(folded.total).toBe(871n);
  });

  it('keeps the hue of a key when ranks change, if the page gave the hues', () => {
    const hues = assignHues(['a', 'b']);
    const folded = foldSeries([bucket('t', { b: '9', a: '1', c: '5' })], { b: 'agent-b' }, hues);
    expect(folded.hues).toBe(hues);
    expect(folded.series.map(({ key, label }) => [key, label])).toEqual([
      ['b', 'agent-b'],
      ['a', 'a'],
      [OTHER_KEY, 'Other (1)'],
    ]);
  });

  it('calls what is folded alone by its own name: it may be a sum of others', () => {
    const folded = foldSeries([bucket('t', { a: '1', '(others)': '5' })], { '(others)': 'Others' }, assignHues(['a']));
    expect(folded.series.map(({ label }) => label)).toEqual(['a', 'Others']);
  });

  it('has no series for no buckets', () => {
    expect(foldSeries([])).toMatchObject({ series: [], buckets: [], total: 0n });
  });
});
