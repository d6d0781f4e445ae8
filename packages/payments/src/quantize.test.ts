import { nanoUsd } from '@tollwright/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantize } from './quantize.ts';

describe('quantize', () => {
  it.each([
    ['a cent', 10_000_000n, 10_000n, 0n],
    ['one unit', 1_000n, 1n, 0n],
    ['a nano-dollar above one unit', 1_001n, 2n, 999n],
    ['exactly a tenth of the unit', 100n, 1n, 900n],
  ])('rounds %s up and reports the difference', (_what, price, amountAtomic, roundingNanoUsd) => {
    expect(quantize(nanoUsd(price), 6)).toEqual({ kind: 'offered', amountAtomic, roundingNanoUsd });
  });

  it('does not offer less than a tenth of the unit, nor nothing', () => {
    expect(quantize(nanoUsd(99n), 6)).toEqual({
      ...{ kind: 'not-offered', reason: 'below-a-tenth-of-the-unit' },
      minimumNanoUsd: 100n,
    });
    expect(quantize(nanoUsd(0n), 6)).toEqual({ kind: 'not-offered', reason: 'free' });
  });

  it('price + rounding = amount, and rounding stays under one unit, for any price and decimals', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 9_000_000_000_000_000n }),
        fc.integer({ min: 0, max: 18 }),
        (price, decimals) => {
          const quantized = quantize(nanoUsd(price), decimals);
          fc.pre(quantized.kind === 'offered');
          if (quantized.kind !== 'offered') return;
          const { amountAtomic, roundingNanoUsd } = quantized;
          expect((amountAtomic * 10n ** 9n) / 10n ** BigInt(decimals)).toBe(price + roundingNanoUsd);
          expect(roundingNanoUsd).toBeGreaterThanOrEqual(0n);
          expect(roundingNanoUsd * 10n ** BigInt(decimals)).toBeLessThan(10n ** 9n);
        },
      ),
    );
  });
});
