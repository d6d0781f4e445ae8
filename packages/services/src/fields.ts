import { nanoUsdText } from '@tollwright/contracts';
import { z } from 'zod';

export const idText = z
  .string()
  .regex(/^[a-z]{3}_[0-9a-z]{26}$/, 'must be an id')
  .meta({ description: 'Public id, such as agt_01k…' });

export const providerId = idText.meta({ description: 'The provider' });
export const customerId = idText.meta({ description: 'The customer (agent owner)' });
export const displayName = z.string().trim().min(1).max(120);
export const email = z
  .email()
  .max(254)
  .transform((text) => text.toLowerCase());
export const timestamp = z.iso.datetime().meta({ description: 'UTC, ISO 8601' });
export const moneyText = nanoUsdText.meta({ description: 'Nano-dollars as a decimal string: 1 USD is 1000000000' });

/** A moment as text, or null. */
export function toTimestamp(date: Date): string;
export function toTimestamp(date: Date | null): string | null;
export function toTimestamp(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** Nano-dollars of their text. Null stays, and so does what was not given. */
export function amountOf(text: string | null | undefined): bigint | null | undefined {
  return typeof text === 'string' ? BigInt(text) : text;
}
