import { z } from 'zod';

/** A 20-byte address in hex, any case; compared lower-cased. */
export const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

/** 32 bytes in hex. */
export const bytes32 = z.string().regex(/^0x[0-9a-fA-F]{64}$/);

/** An unsigned integer below 2^256 as a decimal string without leading zeros; a bigint in memory. */
export const uint256 = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/)
  .transform((text) => BigInt(text))
  .refine((value) => value < 1n << 256n);

/** Tells whether two hex strings name the same bytes. */
export function sameHex(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
