import type { DbVerifiedPayer } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

/** A payer whom the provider knows, by address or as a customer. */
export const verifiedPayerOutput = z.object({
  id: z.string(),
  address: z.string().nullable().meta({ description: 'Of a wallet, in lower case, on whatever network' }),
  customerId: z.string().nullable(),
  customerName: z.string().nullable(),
  note: z.string().meta({ description: "Who that is, in the provider's words" }),
  verifiedBy: z.string(),
  createdAt: z.string(),
});
export type VerifiedPayerOutput = z.output<typeof verifiedPayerOutput>;

export function toVerifiedPayer(
  row: DbVerifiedPayer & { readonly customer: { readonly name: string } | null },
): VerifiedPayerOutput {
  const { id, address, customerId, customer, note, verifiedBy } = row;
  const customerName = customer?.name ?? null;
  return { id, address, customerId, customerName, note, verifiedBy, createdAt: toTimestamp(row.createdAt) };
}
