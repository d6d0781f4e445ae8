import type { Address } from '../../params/kinds.ts';

/** A rate in hundredths of a percent: 1900 is 19 %. */
export type TaxRate = { readonly basisPoints: number; readonly type: string; readonly state: string | null };

const countries: Readonly<Record<string, TaxRate>> = {
  AT: { basisPoints: 2000, type: 'vat', state: null },
  AU: { basisPoints: 1000, type: 'gst', state: null },
  DE: { basisPoints: 1900, type: 'vat', state: null },
  ES: { basisPoints: 2100, type: 'vat', state: null },
  FR: { basisPoints: 2000, type: 'vat', state: null },
  GB: { basisPoints: 2000, type: 'vat', state: null },
  IE: { basisPoints: 2300, type: 'vat', state: null },
  IT: { basisPoints: 2200, type: 'vat', state: null },
  JP: { basisPoints: 1000, type: 'jct', state: null },
  NL: { basisPoints: 2100, type: 'vat', state: null },
};
const states: Readonly<Record<string, number>> = { CA: 725, NY: 400, TX: 625, WA: 650 };

/** What is collected at an address; null where the account collects nothing. */
export function rateAt({ country, state }: Address): TaxRate | null {
  if (country === 'US') {
    const basisPoints = states[state ?? ''];
    return basisPoints === undefined ? null : { basisPoints, type: 'sales_tax', state };
  }
  return countries[country ?? ''] ?? null;
}

/** The tax on an amount: on top of it, or the part of it that is tax. */
export function taxOn(amount: number, rate: TaxRate | null, behavior: 'exclusive' | 'inclusive'): number {
  const points = rate?.basisPoints ?? 0;
  return Math.round(behavior === 'exclusive' ? (amount * points) / 10_000 : (amount * points) / (10_000 + points));
}
