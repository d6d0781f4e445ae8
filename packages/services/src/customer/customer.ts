import type { DbCustomer } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const customerOutput = z.object({
  id: z.string(),
  providerId: z.string(),
  name: z.string(),
  status: z.enum(['active', 'suspended']),
  livemode: z.boolean(),
  timeZone: z.string(),
  locale: z.string(),
  createdAt: z.string(),
});
export type CustomerOutput = z.output<typeof customerOutput>;

export function toCustomer(row: DbCustomer): CustomerOutput {
  const { id, providerId, name, status, livemode, timeZone, locale } = row;
  return { id, providerId, name, status, livemode, timeZone, locale, createdAt: toTimestamp(row.createdAt) };
}
