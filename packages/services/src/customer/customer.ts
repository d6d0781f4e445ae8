import type { DbCustomer } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const customerOutput = z.object({
  id: z.string(),
  providerId: z.string(),
  name: z.string(),
  status: z.enum(['active', 'suspended']),
  overdueSince: z
    .string()
    .nullable()
    .meta({ description: 'Since when its live keys are refused for an invoice that is not paid' }),
  livemode: z.boolean(),
  timeZone: z.string(),
  locale: z.string(),
  createdAt: z.string(),
});
export type CustomerOutput = z.output<typeof customerOutput>;

export function toCustomer(row: DbCustomer): CustomerOutput {
  const { id, providerId, name, status, livemode, timeZone, locale } = row;
  const overdueSince = toTimestamp(row.overdueSince);
  return {
    id,
    providerId,
    name,
    status,
    overdueSince,
    livemode,
    timeZone,
    locale,
    createdAt: toTimestamp(row.createdAt),
  };
}
