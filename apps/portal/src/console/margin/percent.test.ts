import { describe, expect, it } from 'vitest';
import { percentOf } from './percent.ts';

describe('percentOf', () => {
  it.each([
    [6_250, '62.5 %'],
    [6_259, '62.5 %'],
    [0, '0.0 %'],
    [-1, '−0.1 %'],
    [-60_600, '−606.0 %'],
    [-12_345_678, '−123,456.8 %'],
    [null, '–'],
  ])('%s hundredths of a percent are %s', (points, text) => {
    expect(percentOf(points)).toBe(text);
  });
});
