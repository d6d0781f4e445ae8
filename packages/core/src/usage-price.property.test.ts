import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quantity } from './meter.ts';
import type { RateCard, Tier } from './price.ts';
import { rate, rateWorst } from './rating.ts';
import { add, compare, parseDecimal, ZERO } from './rational.ts';

const decimal = fc.stringMatching(/^\d{1,3}(\.\d{1,12})?$/);
const tiers = fc
  .record({
    sizes: fc.array(fc.bigInt({ min: 1n, max: 40n }), { maxLength: 4 }),
    prices: fc.array(fc.tuple(decimal, fc.oneof(fc.constant('0'), decimal)), { minLength: 5, maxLength: 5 }),
  })
  .map(({ sizes, prices }): Tier[] => {
    let end = 0n;
    const ends = sizes.map((size) => {
      end += size;
      return end;
    });
    return [...ends, null].map((upTo, index) => {
      const [usdPerUnit, flatUsd] = prices[index] as [string, string];
      return { upTo, usdPerUnit, flatUsd };
    });
  });
const price = fc.oneof(
  fc.record({ kind: fc.constant('graduated' as const), meter: fc.constant('requests'), tiers }),
  fc.record({ kind: fc.constant('volume' as const), meter: fc.constant('requests'), tiers }),
  fc.record({
    ...{ kind: fc.constant('package' as const), meter: fc.constant('requests') },
    ...{ units: fc.bigInt({ min: 1n, max: 30n }), usdPerPackage: decimal },
  }),
  fc.record({ kind: fc.constant('per-unit' as const), meter: fc.constant('requests'), usdPerUnit: decimal }),
);
const card = fc.record({
  ...{ key: fc.constant('card'), name: fc.constant('Card'), price },
  includedUnits: fc.option(fc.bigInt({ min: 1n, max: 60n }), { nil: undefined }),
  percentOff: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
});
const cards = fc
  .array(card, { minLength: 1, maxLength: 3 })
  .map((list): RateCard[] => list.map((one, index) => ({ ...one, key: `card_${index}` })));
const parts = fc.array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 8 });
const used = (quantity: bigint): Quantity[] => [{ meter: 'requests', quantity, dimensions: {} }];
const at = (units: bigint) => new Map([['requests', units]]);
const sum = (list: readonly bigint[]) => list.reduce((total, one) => total + one, 0n);

describe('prices that depend on what was used before', () => {
  it('cost in parts, one after another, what they cost at once, before rounding', () => {
    fc.assert(
      fc.property(cards, fc.bigInt({ min: 0n, max: 200n }), parts, (list, start, quantities) => {
        let position = start;
        let inParts = ZERO;
        for (const quantity of quantities) {
          inParts = add(inParts, rate(list, used(quantity), at(position)).exactNanoUsd);
          position += quantity;
        }
        const atOnce = rate(list, used(sum(quantities)), at(start)).exactNanoUsd;
        expect(compare(inParts, atOnce)).toBe(0);
      }),
    );
  });

  it('cost what each unit costs by itself: the tier that it falls in, and the fee of one that it enters', () => {
    fc.assert(
      fc.property(tiers, fc.bigInt({ min: 0n, max: 200n }), (list, units) => {
        let expected = ZERO;
        for (let unit = 1n; unit <= units; unit++) {
          const index = list.findIndex(({ upTo }) => upTo === null || unit <= upTo);
          const { usdPerUnit, flatUsd } = list[index] as Tier;
          expected = add(expected, parseDecimal(usdPerUnit));
          if (unit === (list[index - 1]?.upTo ?? 0n) + 1n) expected = add(expected, parseDecimal(flatUsd));
        }
        const one = { key: 'c', name: 'C', price: { kind: 'graduated' as const, meter: 'requests', tiers: list } };
        const { numerator, denominator } = rate([one], used(units)).exactNanoUsd;
        expect(compare({ numerator, denominator: denominator * 10n ** 9n }, expected)).toBe(0);
      }),
    );
  });

  it('never cost less for more units, wherever these begin', () => {
    fc.assert(
      fc.property(cards, fc.bigInt({ min: 0n, max: 200n }), fc.bigInt({ min: 0n, max: 99n }), (list, start, units) => {
        const [less, more] = [units, units + 1n].map((n) => rate(list, used(n), at(start)).exactNanoUsd);
        expect(compare(more ?? ZERO, less ?? ZERO)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('never cost more than the worst case, which is some stretch, and which more units never make less', () => {
    fc.assert(
      fc.property(card, fc.bigInt({ min: 0n, max: 60n }), (one, units) => {
        const list: RateCard[] = [one];
        const worst = rateWorst(list, used(units)).exactNanoUsd;
        let dearest = ZERO;
        for (let start = 0n; start <= 300n; start++) {
          const { exactNanoUsd } = rate(list, used(units), at(start));
          if (compare(exactNanoUsd, dearest) > 0) dearest = exactNanoUsd;
        }
        expect(compare(worst, dearest)).toBe(0);
        expect(compare(rateWorst(list, used(units + 1n)).exactNanoUsd, worst)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
