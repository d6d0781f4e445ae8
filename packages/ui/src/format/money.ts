import { formatUsd, NANO_USD_PER_USD, nanoUsd } from '@tollwright/core';
import { formatQuantityCompact } from './quantity.ts';
import { divideRounded, parseWhole, type WholeNumber } from './whole.ts';

const CENT = NANO_USD_PER_USD / 100n;
const TEN_CENTS = 10n * CENT;

/** How an amount is written: every digit it has, or as many as a table or an axis needs. */
export type MoneyMode = 'exact' | 'compact';

/** Every digit that has meaning, two decimals at least: `0.000075`, `1,284.10`. Nano-dollars in. */
export function formatNanoUsdExact(value: WholeNumber): string {
  const [whole = '0', fraction = ''] = formatUsd(nanoUsd(parseWhole(value))).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
}

/**
 * As many digits as a table needs: cents from ten cents up, three significant digits below, `128k` from a hundred
 * thousand. An amount that is not zero is never written as zero. Nano-dollars in.
 */
export function formatNanoUsdCompact(value: WholeNumber): string {
  const amount = parseWhole(value);
  const absolute = amount < 0n ? -amount : amount;
  if (absolute >= 100_000n * NANO_USD_PER_USD) return formatQuantityCompact(divideRounded(amount, NANO_USD_PER_USD));
  const step = absolute >= TEN_CENTS ? CENT : 10n ** BigInt(Math.max(0, absolute.toString().length - 3));
  return formatNanoUsdExact(divideRounded(amount, step) * step);
}

export function formatNanoUsd(value: WholeNumber, mode: MoneyMode = 'exact'): string {
  return mode === 'exact' ? formatNanoUsdExact(value) : formatNanoUsdCompact(value);
}
