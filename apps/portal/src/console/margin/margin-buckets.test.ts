import { describe, expect, it } from 'vitest';
import { marginBuckets } from './margin-buckets.ts';

const at = '2026-11-20T00:00:00.000Z';

describe('marginBuckets', () => {
  it('cuts revenue into cost, margin and what is not known', () => {
    const point = { at, revenueNanoUsd: '100', costNanoUsd: '30', marginNanoUsd: '50', uncostedRevenueNanoUsd: '20' };
    expect(marginBuckets([point])).toEqual([{ at, values: { margin: '50', cost: '30', uncosted: '20' } }]);
  });

  it('puts a loss on top of the revenue that it ate up', () => {
    const point = { at, revenueNanoUsd: '100', costNanoUsd: '130', marginNanoUsd: '-30', uncostedRevenueNanoUsd: '0' };
    expect(marginBuckets([point])).toEqual([{ at, values: { cost: '100', loss: '30' } }]);
  });
});
