import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quantity } from './meter.ts';
import type { RateCard } from './price.ts';
import { lineAmounts, rate } from './rating.ts';

const meters = ['requests', 'input_tokens', 'output_tokens'];
const models = ['small', 'large', 'unlisted'];
const decimal = fc.stringMatching(/^\d{1,5}(\.\d{1,12})?$/);

const price = fc.oneof(
  fc.record({ kind: fc.constant('per-unit' as const), meter: fc.constantFrom(...meters), usdPerUnit: decimal }),
  fc.record({
    kind: fc.constant('per-model-token' as const),
    meter: fc.constantFrom(...meters),
    usdPerMillionByModel: fc.record({ small: decimal, large: decimal }),
    defaultUsdPerMillion: fc.option(decimal),
  }),
);
const cards = fc
  .array(price, { maxLength: 5 })
  .map((prices) => prices.map((item, index): RateCard => ({ key: `card_${index}`, name: 'Card', price: item })));
const quantity: fc.Arbitrary<Quantity> = fc.record({
  meter: fc.constantFrom(...meters),
  quantity: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  dimensions: fc.option(fc.constantFrom(...models)).map((model): Record<string, string> => (model ? { model } : {})),
});
const usage = fc.array(quantity, { maxLength: 8 });

/** Units of 10^-18 dollars of one unit, by its own arithmetic: the digits of the price, padded. 0 without a price. */
function attoPerUnit(item: RateCard['price'], model: string): bigint {
  if (item.kind !== 'per-unit' && item.kind !== 'per-model-token') return 0n;
  const perUnit = item.kind === 'per-unit';
  const text = perUnit ? item.usdPerUnit : (item.usdPerMillionByModel[model] ?? item.defaultUsdPerMillion ?? '0');
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(perUnit ? 18 : 12, '0'));
}

function attoOf(list: readonly RateCard[], used: readonly Quantity[]): bigint {
  let total = 0n;
  for (const { price: item } of list) {
    for (const { meter, quantity: units, dimensions } of used) {
      if (item.kind !== 'flat' && item.meter === meter) total += attoPerUnit(item, dimensions.model ?? '') * units;
    }
  }
  return total;
}

const NANO = 10n ** 9n;

describe('rate', () => {
  it('is the exact sum rounded up once: at least the sum, above it by less than a nano-dollar', () => {
    fc.assert(
      fc.property(cards, usage, (list, used) => {
        const over = rate(list, used).amountNanoUsd * NANO - attoOf(list, used);
        expect(over >= 0n && over < NANO).toBe(true);
      }),
    );
  });

  it('has parts, none below nothing, each within a nano-dollar of its line, that sum to it', () => {
    fc.assert(
      fc.property(cards, usage, (list, used) => {
        const rated = rate(list, used);
        const amounts = lineAmounts(rated);
        expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(rated.amountNanoUsd);
        for (const [index, { exactNanoUsd }] of rated.lines.entries()) {
          const amount = amounts[index] ?? -1n;
          const { numerator, denominator } = exactNanoUsd;
          expect(amount >= 0n && (amount - 1n) * denominator < numerator).toBe(true);
          expect((amount + 1n) * denominator > numerator).toBe(true);
        }
      }),
    );
  });

  it('depends on the order of neither cards nor usage', () => {
    fc.assert(
      fc.property(cards, usage, (list, used) => {
        const backwards = rate([...list].reverse(), [...used].reverse());
        expect(backwards.amountNanoUsd).toBe(rate(list, used).amountNanoUsd);
        expect(backwards.unpriced.toSorted()).toEqual(rate(list, used).unpriced.toSorted());
      }),
    );
  });

  it('splitting usage into calls never undercharges, and overcharges by less than a nano-dollar a call', () => {
    fc.assert(
      fc.property(cards, usage, (list, used) => {
        const whole = rate(list, used).amountNanoUsd;
        let split = 0n;
        for (const one of used) split += rate(list, [one]).amountNanoUsd;
        expect(split >= whole && split - whole <= BigInt(used.length)).toBe(true);
      }),
    );
  });

  it('more units never cost less', () => {
    fc.assert(
      fc.property(cards, usage, quantity, (list, used, more) => {
        expect(rate(list, [...used, more]).amountNanoUsd >= rate(list, used).amountNanoUsd).toBe(true);
      }),
    );
  });

  it('every quantity that a card covers is a line of it or unpriced, never dropped', () => {
    fc.assert(
      fc.property(cards, usage, (list, used) => {
        const rated = rate(list, used);
        const covered = list.flatMap(({ price: item }) =>
          used.filter(({ meter }) => item.kind !== 'flat' && item.meter === meter),
        );
        expect(rated.lines.length + rated.unpriced.length).toBe(covered.length);
      }),
    );
  });
});
