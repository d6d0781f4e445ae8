import { compare, parseDecimal } from '@tollwright/core';
import { nanoUsdOf, usdDecimalOf, usdTyped } from '../../plan/usd.ts';
import type { Terms } from '../outputs.ts';

type RateCard = Terms['rateCards'][number];

/** How units of a meter are priced. */
export type UnitPriceKind = 'per-unit' | 'graduated' | 'volume' | 'package';

export interface TierDraft {
  /** The last unit of the tier; of the last tier it is not read. */
  readonly upTo: string;
  readonly usdPerUnit: string;
  /** Empty: none. */
  readonly flatUsd: string;
}

/** A price of a meter's units while it is typed; what belongs to other kinds is kept. */
export interface UnitPriceDraft {
  readonly meter: string;
  readonly kind: UnitPriceKind;
  readonly usdPerUnit: string;
  readonly tiers: readonly TierDraft[];
  readonly packageUnits: string;
  readonly usdPerPackage: string;
  /** Empty: none. */
  readonly includedUnits: string;
  /** Empty: none. */
  readonly percentOff: string;
  /** Off each month. Empty: none. */
  readonly amountOffUsd: string;
}

export const NEW_TIER: TierDraft = { upTo: '', usdPerUnit: '', flatUsd: '' };

export function newUnitPrice(meter: string): UnitPriceDraft {
  return {
    ...{ meter, kind: 'per-unit', usdPerUnit: '', packageUnits: '1000', usdPerPackage: '' },
    ...{ tiers: [NEW_TIER, NEW_TIER], includedUnits: '', percentOff: '', amountOffUsd: '' },
  };
}

/** A stored price, ready to be typed over; null for one that is not by units. */
export function unitPriceDraftOf({
  price,
  includedUnits,
  percentOff,
  amountOffNanoUsd,
}: RateCard): UnitPriceDraft | null {
  if (price.kind === 'flat' || price.kind === 'per-model-token') return null;
  const blank = {
    ...newUnitPrice(price.meter),
    ...{ includedUnits: includedUnits ?? '', percentOff: textOf(percentOff) },
    amountOffUsd: amountOffNanoUsd === undefined ? '' : usdTyped(amountOffNanoUsd),
  };
  switch (price.kind) {
    case 'per-unit':
      return { ...blank, usdPerUnit: price.usdPerUnit };
    case 'package':
      return { ...blank, kind: 'package', packageUnits: price.units, usdPerPackage: price.usdPerPackage };
    case 'graduated':
    case 'volume': {
      const tiers = price.tiers.map(({ upTo, usdPerUnit, flatUsd }) => {
        return { upTo: upTo ?? '', usdPerUnit, flatUsd: flatUsd === '0' ? '' : flatUsd };
      });
      return { ...blank, kind: price.kind, tiers };
    }
  }
}

function textOf(percentOff: number | undefined): string {
  return percentOff === undefined ? '' : String(percentOff);
}

/** Notes what is wrong, by field: `unitPrices.0.tiers.1.upTo`. */
export type NoteError = (path: string, error: string) => void;

/** The rate card that a typed price says; null where none is typed. */
export function unitCardOf(draft: UnitPriceDraft, path: string, name: string, note: NoteError): RateCard | null {
  const { meter, kind, includedUnits, percentOff, amountOffUsd } = draft;
  const price = priceOf(draft, path, note);
  if (price === null) return null;
  const included = includedUnits.trim() === '' ? null : wholeOf(includedUnits, `${path}.includedUnits`, note);
  const off = percentOff.trim() === '' ? null : Number(percentOff);
  if (off !== null && !(Number.isInteger(off) && off >= 1 && off <= 99))
    note(`${path}.percentOff`, 'From 1 to 99, or leave it empty.');
  const amountOff = amountOffUsd.trim() === '' ? null : (nanoUsdOf(amountOffUsd) ?? '0');
  if (amountOff === '0') note(`${path}.amountOffUsd`, 'Write dollars, such as 10, or leave it empty.');
  return {
    key: kind === 'per-unit' ? `${meter}_unit` : `${meter}_${kind}`,
    name,
    price,
    ...(included === null ? {} : { includedUnits: included }),
    ...(off === null ? {} : { percentOff: off }),
    ...(amountOff === null ? {} : { amountOffNanoUsd: amountOff }),
  };
}

function priceOf(draft: UnitPriceDraft, path: string, note: NoteError): RateCard['price'] | null {
  const { meter, kind, usdPerUnit, packageUnits, usdPerPackage, tiers } = draft;
  switch (kind) {
    case 'per-unit': {
      if (usdPerUnit.trim() === '') return null;
      return { kind, meter, usdPerUnit: usdOf(usdPerUnit, `${path}.usdPerUnit`, note) };
    }
    case 'package': {
      const units = wholeOf(packageUnits, `${path}.packageUnits`, note);
      return { kind, meter, units, usdPerPackage: usdOf(usdPerPackage, `${path}.usdPerPackage`, note) };
    }
    case 'graduated':
    case 'volume': {
      const typed = tiers.map((_, index) => tierOf(tiers, index, `${path}.tiers.${index}`, note));
      if (kind === 'volume') noteDearer(typed, path, note);
      return { kind, meter, tiers: typed };
    }
  }
}

function tierOf(tiers: readonly TierDraft[], index: number, path: string, note: NoteError) {
  const { upTo: typed, usdPerUnit, flatUsd } = tiers[index] as TierDraft;
  const isLast = index === tiers.length - 1;
  const upTo = isLast ? null : wholeOf(typed, `${path}.upTo`, note);
  const before = Number((tiers[index - 1]?.upTo ?? '0').replaceAll(',', ''));
  if (upTo !== null && Number(upTo) <= before) note(`${path}.upTo`, 'More than the tier before.');
  return {
    upTo,
    usdPerUnit: usdOf(usdPerUnit, `${path}.usdPerUnit`, note),
    flatUsd: flatUsd.trim() === '' ? '0' : usdOf(flatUsd, `${path}.flatUsd`, note),
  };
}

/** Calls pass budgets at the price of the tier reached, so what the whole month costs is never more. */
function noteDearer(tiers: readonly { readonly usdPerUnit: string }[], path: string, note: NoteError) {
  const units = tiers.map(({ usdPerUnit }) => parseDecimal(usdPerUnit));
  units.forEach((unit, index) => {
    if (compare(unit, units[index - 1] ?? unit) > 0)
      note(`${path}.tiers.${index}.usdPerUnit`, 'Not more than the tier before.');
  });
}

function wholeOf(typed: string, path: string, note: NoteError): string {
  const text = typed.trim().replaceAll(',', '');
  if (/^[1-9]\d{0,14}$/.test(text)) return text;
  note(path, 'Write a whole number from 1 up.');
  return '1';
}

function usdOf(typed: string, path: string, note: NoteError): string {
  const price = usdDecimalOf(typed);
  if (price === null) note(path, 'Write a price in dollars, such as 2.50.');
  return price ?? '0';
}
