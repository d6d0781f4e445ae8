import { describe, expect, it } from 'vitest';
import { revenueBuckets } from './revenue-buckets.ts';

describe('revenueBuckets', () => {
  it('keeps empty days and leaves sources out that earned nothing', () => {
    const at = '2026-11-24T00:00:00.000Z';
    const zero = { usageNanoUsd: '0', paymentsNanoUsd: '0', feesNanoUsd: '0' };
    expect(
      revenueBuckets({
        revenue: [
          { at, ...zero },
          { at, ...zero, usageNanoUsd: '7', feesNanoUsd: '2' },
        ],
      }),
    ).toEqual([
      { at, values: {} },
      { at, values: { usage: '7', fees: '2' } },
    ]);
  });
});
