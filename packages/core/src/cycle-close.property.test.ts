import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustmentsOf, type VersionUse } from './cycle-close.ts';
import { nanoUsd } from './money.ts';
import type { RateCard, Tier } from './price.ts';
import { rate } from './rating.ts';
import { add, ceil, compare, multiply, parseDecimal, rational, ZERO } from './rational.ts';

const NANO = 10n ** 9n;
const decimal = fc.stringMatching(/^\d{1,2}(\.\d{1,12})?$/);
/** Tiers of which none is dearer than the one before. */
const tiers = fc
  .record({
    sizes: fc.array(fc.bigInt({ min: 1n, max: 40n }), { maxLength: 4 }),
    prices: fc.array(decimal, { minLength: 5, maxLength: 5 }),
    fees: fc.array(fc.oneof(fc.constant('0'), decimal), { minLength: 5, maxLength: 5 }),
  })
  .map(({ sizes, prices, fees }): Tier[] => {
    const falling = prices.toSorted((a, b) => compare(parseDecimal(b), parseDecimal(a)));
    let end = 0n;
    const ends = [...sizes.map((size) => (end += size)), null];
    return ends.map((upTo, index) => ({ upTo, usdPerUnit: falling[index] ?? '0', flatUsd: fees[index] ?? '0' }));
  });
const card = fc.record({
  tiers,
  includedUnits: fc.option(fc.bigInt({ min: 1n, max: 60n }), { nil: undefined }),
  percentOff: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
  amountOffNanoUsd: fc.option(fc.bigInt({ min: 1n, max: 100n * NANO }).map(nanoUsd), { nil: undefined }),
});
type Card = typeof card extends fc.Arbitrary<infer T> ? T : never;
const calls = fc.array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 12 });
const volumeOf = ({ tiers: list, ...rest }: Omit<Card, 'amountOffNanoUsd'> & Partial<Card>): RateCard => ({
  ...{ key: 'card', name: 'Card', price: { kind: 'volume', meter: 'requests', tiers: list } },
  ...rest,
});

/** A cycle of these calls, each charged at its grant. */
function cycleOf(one: RateCard, quantities: readonly bigint[], minimum?: bigint): VersionUse {
  let units = 0n;
  let amountNanoUsd = 0n;
  for (const quantity of quantities) {
    const usage = [{ meter: 'requests', quantity, dimensions: {} }];
    amountNanoUsd += rate([one], usage, new Map([['requests', units]])).amountNanoUsd;
    units += quantity;
  }
  return {
    ...{ planVersionId: 'plv_1', share: rational(1n), chargedNanoUsd: amountNanoUsd },
    terms: { rateCards: [one], minimumNanoUsd: minimum === undefined ? undefined : nanoUsd(minimum) },
    cards: [{ rateCardKey: 'card', units, calls: BigInt(quantities.length), amountNanoUsd }],
  };
}

const total = (cycle: VersionUse) =>
  adjustmentsOf([cycle]).reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, cycle.chargedNanoUsd);

describe('the close of a cycle with a volume price', () => {
  it('comes to the whole quantity at the price of its tier, and at most a nano-dollar a call above it', () => {
    fc.assert(
      fc.property(card, calls, (one, quantities) => {
        const { amountOffNanoUsd: _, ...plain } = one;
        const all = quantities.reduce((sum, quantity) => sum + quantity, 0n) - (one.includedUnits ?? 0n);
        const tier = one.tiers.find(({ upTo }) => upTo === null || all <= upTo) as Tier;
        const share = rational(BigInt(100 - (one.percentOff ?? 0)), 100n);
        const units = multiply(parseDecimal(tier.usdPerUnit), rational(all));
        const usd = all <= 0n ? ZERO : multiply(add(units, parseDecimal(tier.flatUsd)), share);
        const over = total(cycleOf(volumeOf(plain), quantities)) - ceil(multiply(usd, rational(NANO)));
        expect(over >= 0n && over <= BigInt(quantities.length)).toBe(true);
      }),
    );
  });

  it('only gives back, never more than was charged, and never less for more units of one tier', () => {
    fc.assert(
      fc.property(card, calls, (one, quantities) => {
        const cycle = cycleOf(volumeOf(one), quantities);
        for (const { amountNanoUsd } of adjustmentsOf([cycle])) expect(amountNanoUsd < 0n).toBe(true);
        expect(total(cycle) >= 0n && total(cycle) <= cycle.chargedNanoUsd).toBe(true);
        const ends = one.tiers.flatMap(({ upTo }) => (upTo === null ? [] : [upTo + (one.includedUnits ?? 0n)]));
        const units = cycle.cards[0]?.units ?? 0n;
        if (ends.includes(units)) return;
        const more = total(cycleOf(volumeOf(one), [...quantities, 1n]));
        expect(more + BigInt(quantities.length) + 1n >= total(cycle)).toBe(true);
      }),
    );
  });

  it('comes to the minimum at least, and to nothing but it where that is more', () => {
    fc.assert(
      fc.property(card, calls, fc.bigInt({ min: 1n, max: 500n * NANO }), (one, quantities, minimum) => {
        const plain = total(cycleOf(volumeOf(one), quantities));
        const missing = plain < minimum ? minimum - plain : 0n;
        expect(total(cycleOf(volumeOf(one), quantities, minimum))).toBe(plain + missing);
      }),
    );
  });
});
