import { divideRounded, groupDigits, parseWhole, type WholeNumber } from './whole.ts';

/** A unit that follows a number: one spelling for all counts, or two. */
export type Unit = string | { readonly one: string; readonly other: string };

const SCALES = [
  { divisor: 1_000n, suffix: 'k' },
  { divisor: 1_000_000n, suffix: 'M' },
  { divisor: 1_000_000_000n, suffix: 'B' },
  { divisor: 1_000_000_000_000n, suffix: 'T' },
] as const;

/** Every digit, grouped: `1,234,567`. */
export function formatQuantityExact(value: WholeNumber): string {
  return groupDigits(parseWhole(value));
}

/** At most three digits and a suffix: `999`, `3.4k`, `128k`, `1.2M`. Rounds half away from zero. */
export function formatQuantityCompact(value: WholeNumber): string {
  const whole = parseWhole(value);
  const absolute = whole < 0n ? -whole : whole;
  const sign = whole < 0n ? '-' : '';
  if (absolute < 1_000n) return `${sign}${absolute}`;
  for (const { divisor, suffix } of SCALES) {
    const tenths = divideRounded(absolute * 10n, divisor);
    if (tenths < 1_000n) return `${sign}${tenths / 10n}${tenths % 10n === 0n ? '' : `.${tenths % 10n}`}${suffix}`;
    const units = divideRounded(absolute, divisor);
    if (units < 1_000n) return `${sign}${units}${suffix}`;
  }
  return `${sign}${groupDigits(divideRounded(absolute, 1_000_000_000_000n))}T`;
}

/** The spelling of a unit for this count: `call` for one, `calls` for the rest. */
export function unitFor(value: WholeNumber, unit: Unit): string {
  if (typeof unit === 'string') return unit;
  const whole = parseWhole(value);
  return whole === 1n || whole === -1n ? unit.one : unit.other;
}
