import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanoUsd } from './money.ts';
import { type DiscountTier, discounted, reachedTier, type Volume } from './volume-discount.ts';

const percentOff = fc.integer({ min: 1, max: 99 });
const price = fc.bigInt({ min: 1n, max: 10n ** 15n }).map(nanoUsd);
const tier: fc.Arbitrary<DiscountTier> = fc.oneof(
  fc.record({ measure: fc.constant('calls' as const), from: fc.integer({ min: 1, max: 1_000 }), percentOff }),
  fc.record({ measure: fc.constant('usd' as const), fromNanoUsd: fc.bigInt({ min: 1n, max: 10n ** 12n }), percentOff }),
);
const volume: fc.Arbitrary<Volume> = fc.record({
  calls: fc.integer({ min: 0, max: 2_000 }),
  spentNanoUsd: fc.bigInt({ min: 0n, max: 2n * 10n ** 12n }),
});

describe('a volume discount', () => {
  it('is what the percent says, rounded up once, above nothing and at most the price', () => {
    fc.assert(
      fc.property(price, percentOff, (full, percent) => {
        const paid = discounted(full, percent);
        expect(paid > 0n && paid <= full).toBe(true);
        const hundredths = full * BigInt(100 - percent);
        expect(paid * 100n >= hundredths && paid * 100n < hundredths + 100n).toBe(true);
      }),
    );
  });

  it('never makes who bought more pay more', () => {
    fc.assert(
      fc.property(fc.array(tier, { maxLength: 8 }), volume, volume, price, (tiers, less, more, full) => {
        const total = { calls: less.calls + more.calls, spentNanoUsd: less.spentNanoUsd + more.spentNanoUsd };
        const paid = (at: Volume) => discounted(full, reachedTier(tiers, at)?.percentOff ?? 0);
        expect(paid(total) <= paid(less)).toBe(true);
        expect(paid({ calls: 0, spentNanoUsd: 0n })).toBe(full);
      }),
    );
  });

  it('is the highest that was reached, in whatever order tiers stand', () => {
    fc.assert(
      fc.property(fc.array(tier, { maxLength: 8 }), volume, (tiers, at) => {
        const reached = reachedTier(tiers, at)?.percentOff ?? null;
        expect(reachedTier([...tiers].reverse(), at)?.percentOff ?? null).toBe(reached);
      }),
    );
  });
});
