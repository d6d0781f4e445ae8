import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NANO_USD_PER_CENT } from './money.ts';
import { parseDecimal } from './rational.ts';
import { creditedTaxOf, taxOf } from './tax.ts';

describe('taxOf', () => {
  it.each([
    ['22.51', '19', 428n],
    ['0.50', '19', 10n],
    ['0.50', '7', 4n],
    ['100', '8.875', 888n],
    ['0.01', '19', 0n],
    ['0', '19', 0n],
  ])('of %s USD at %s percent is %s cents', (total, percent, cents) => {
    const taxable = parseDecimal(total);
    const nanoUsd = (taxable.numerator * 1_000_000_000n) / taxable.denominator;
    expect(taxOf(nanoUsd, parseDecimal(percent))).toBe(cents * NANO_USD_PER_CENT);
  });
});

describe('creditedTaxOf', () => {
  it('of all credit notes of an invoice is its tax, and never more than a note', () => {
    const parts = fc.array(fc.bigInt(1n, 5_000n), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, fc.bigInt(0n, 10_000n), (cents, share) => {
        const notes = cents.map((one) => one * NANO_USD_PER_CENT);
        const total = notes.reduce((sum, one) => sum + one, 0n);
        const tax = ((total / NANO_USD_PER_CENT) * share) / 20_000n;
        let credited = 0n;
        let creditedTax = 0n;
        for (const note of notes) {
          const part = creditedTaxOf(note, { total, tax: tax * NANO_USD_PER_CENT, credited, creditedTax });
          expect(part >= 0n && part <= note && part % NANO_USD_PER_CENT === 0n).toBe(true);
          credited += note;
          creditedTax += part;
        }
        expect(creditedTax).toBe(tax * NANO_USD_PER_CENT);
      }),
    );
  });
});
