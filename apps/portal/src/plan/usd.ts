import { formatUsd, nanoUsd, parseUsd } from '@tollwright/core';

/** Reads dollars as a person types them (`5`, `0.000075`, `1,284.10`) as text of nano-dollars; null when it is no amount. */
export function nanoUsdOf(typed: string): string | null {
  const text = typed.trim().replaceAll(',', '');
  try {
    const amount = parseUsd(text.startsWith('.') ? `0${text}` : text);
    return amount < 0n ? null : amount.toString();
  } catch {
    return null;
  }
}

/** Writes nano-dollars as a person would type them: `5`, `0.01`. */
export function usdTyped(nanoUsdText: string): string {
  return formatUsd(nanoUsd(BigInt(nanoUsdText)), 0);
}

/** Reads a price per unit or per million: an exact decimal of dollars, up to 12 decimals; null when it is none. */
export function usdDecimalOf(typed: string): string | null {
  const text = typed.trim().replaceAll(',', '');
  const decimal = text.startsWith('.') ? `0${text}` : text;
  return /^\d{1,7}(\.\d{1,12})?$/.test(decimal) ? decimal : null;
}

/** Writes an exact decimal of dollars with cents at least: `1` is `1.00`, `0.075` stays. */
export function usdDecimalText(decimal: string): string {
  const [whole, fraction = ''] = decimal.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}
