import { NANO_USD_PER_CENT } from './money.ts';
import type { Rational } from './rational.ts';

/** A percentage of a total of whole cents or not, in nano-dollars of whole cents: the nearest, and half a cent is added. For totals that are not negative. */
export function taxOf(taxableNanoUsd: bigint, percent: Rational): bigint {
  return toCents(taxableNanoUsd * percent.numerator, percent.denominator * 100n);
}

/** What of an invoice its credit notes have taken back. All in nano-dollars of whole cents. */
export interface Credited {
  /** Of the whole invoice, with its tax. */
  readonly total: bigint;
  readonly tax: bigint;
  /** Before this credit note. */
  readonly credited: bigint;
  readonly creditedTax: bigint;
}

/**
 * What of a credit note is tax: its part of the invoice's, so that all credit notes together never differ by more than half a cent from their
 * part of it, and that of the whole invoice is the whole tax. Between nothing and the amount. Source: docs/adr/0052.
 */
export function creditedTaxOf(amount: bigint, { total, tax, credited, creditedTax }: Credited): bigint {
  if (total === 0n) return 0n;
  return toCents(tax * (credited + amount), total) - creditedTax;
}

function toCents(numerator: bigint, denominator: bigint): bigint {
  const unit = denominator * NANO_USD_PER_CENT;
  return ((2n * numerator + unit) / (2n * unit)) * NANO_USD_PER_CENT;
}
