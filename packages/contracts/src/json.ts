import { NANO_USD_MAX, type NanoUsd, nanoUsd } from '@tollwright/core';
import { z } from 'zod';

/** Writes JSON with bigints as decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));
}

/** A non-negative integer of at most 9*10^15 as it travels: a decimal string. */
export const counterText = z
  .string()
  .regex(/^\d{1,16}$/, { error: 'must be a whole number as text', abort: true })
  .refine((text) => BigInt(text) <= NANO_USD_MAX, 'must be at most 9000000000000000');

/** An amount of money as it travels: a decimal string of nano-dollars. */
export const nanoUsdText = counterText;

/** A signed amount of money as it travels. */
export const signedNanoUsdText = z.string().regex(/^-?\d{1,18}$/, 'must be a whole number of nano-dollars as text');

/** A non-negative integer: decimal string on the wire, bigint in memory. */
export const counterValue = counterText.transform((text) => BigInt(text));

/** A non-negative amount of money: decimal string of nano-dollars on the wire, NanoUsd in memory. */
export const nanoUsdAmount = nanoUsdText.transform((text): NanoUsd => nanoUsd(BigInt(text)));

/** A signed amount of money, for ledger postings. */
export const signedNanoUsd = signedNanoUsdText.transform((text): NanoUsd => nanoUsd(BigInt(text)));

/** An exact non-negative decimal of dollars, kept as text. */
export const usdDecimal = z.string().regex(/^\d{1,7}(\.\d{1,12})?$/, 'must be a decimal such as 0.15');

export const slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
  .max(48);

/** Names of meters, features and rate cards: lower-case words joined by underscores. */
export const fieldName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'must be lower-case words joined by underscores')
  .max(48);
