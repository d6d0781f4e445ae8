import { paymentRail, railFeesOf, railFeeText, toJson } from '@tollwright/contracts';
import { type DbProvider, fromDbRailFees } from '@tollwright/db';
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
  railFees: z
    .record(paymentRail, railFeeText)
    .meta({ description: 'What one payment on each rail costs you: your estimates, or the usual ones' }),
  createdAt: z.string(),
});
export type ProviderOutput = z.output<typeof providerOutput>;

export function toProvider(row: DbProvider): ProviderOutput {
  const { id, slug, name, keyPrefix, brandColor, timeZone, locale } = row;
  const said = { id, slug, name, keyPrefix, brandColor, timeZone, locale };
  return {
    ...said,
    railFees: feesAsText(railFeesOf(fromDbRailFees(row.railFees))),
    createdAt: toTimestamp(row.createdAt),
  };
}

function feesAsText(fees: ReturnType<typeof railFeesOf>): z.output<typeof providerOutput>['railFees'] {
  return JSON.parse(toJson(fees)) as z.output<typeof providerOutput>['railFees'];
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
