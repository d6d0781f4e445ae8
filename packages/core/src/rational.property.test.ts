import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, ceil, floor, multiply, parseDecimal, type Rational, rational } from './rational.ts';

const signed = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.bigInt({ min: 1n, max: 10n ** 18n }))
  .map(([numerator, denominator]) => rational(numerator, denominator));
const positive = signed.map(({ numerator, denominator }) =>
  rational(numerator < 0n ? -numerator : numerator, denominator),
);

function equal(a: Rational, b: Rational): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

describe('fractions', () => {
  it('keep the laws of arithmetic', () => {
    fc.assert(
      fc.property(signed, signed, signed, (a, b, c) => {
        expect(equal(add(a, b), add(b, a))).toBe(true);
        expect(equal(add(add(a, b), c), add(a, add(b, c)))).toBe(true);
        expect(equal(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))).toBe(true);
      }),
    );
  });

  it('ceil: the least whole number that is not smaller', () => {
    fc.assert(
      fc.property(signed, (value) => {
        const up = ceil(value) * value.denominator;
        expect(up >= value.numerator && up - value.denominator < value.numerator).toBe(true);
      }),
    );
  });

  it('floor: the largest whole number that is not larger', () => {
    fc.assert(
      fc.property(positive, (value) => {
        const down = floor(value) * value.denominator;
        expect(down <= value.numerator && down + value.denominator > value.numerator).toBe(true);
      }),
    );
  });

  it('parseDecimal: the digits themselves, scaled', () => {
    const digits = (minLength: number) => fc.stringMatching(new RegExp(`^\\d{${minLength},12}$`));
    fc.assert(
      fc.property(digits(1), digits(1), (whole, decimals) => {
        const { numerator, denominator } = parseDecimal(`${whole}.${decimals}`);
        expect(
          equal({ numerator, denominator }, rational(BigInt(whole + decimals), 10n ** BigInt(decimals.length))),
        ).toBe(true);
      }),
    );
  });
});
