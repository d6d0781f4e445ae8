import type { DbProvider } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const providerOutput = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  keyPrefix: z.string(),
  brandColor: z.string(),
  timeZone: z.string(),
  locale: z.string(),
  createdAt: z.string(),
});
export type ProviderOutput = z.output<typeof providerOutput>;

export function toProvider(row: DbProvider): ProviderOutput {
  const { id, slug, name, keyPrefix, brandColor, timeZone, locale } = row;
  return { id, slug, name, keyPrefix, brandColor, timeZone, locale, createdAt: toTimestamp(row.createdAt) };
}

export const keyPrefix = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,15}$/, 'must be 2 to 16 lower-case letters or digits')
  .meta({ description: 'Every new key begins with it: tw_live_…' });
export const brandColor = z.string().regex(/^#[0-9a-f]{6}$/, 'must look like #1d4ed8');
export const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');
export const locale = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'must look like en-US');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
