import type { DbInvoice } from '@tollwright/db';
import { z } from 'zod';

/** Who sells, as an invoice says it for ever. Texts of several lines. */
export const invoiceSeller = z.object({
  name: z.string(),
  address: z.string().nullable(),
  taxId: z.string().nullable(),
  footer: z.string().nullable(),
});
export type InvoiceSeller = z.output<typeof invoiceSeller>;

/** Who buys, as an invoice says it for ever. */
export const invoiceBuyer = z.object({
  name: z.string(),
  address: z.string().nullable(),
  taxId: z.string().nullable(),
  email: z.string().nullable(),
});
export type InvoiceBuyer = z.output<typeof invoiceBuyer>;

/** The names of an invoice's parties today, for one from before they were kept. */
export interface PartyNames {
  readonly provider: string;
  readonly customer: string;
}

/** Both parties of an invoice, as it was issued. */
export function partiesOf(
  { seller, buyer }: Pick<DbInvoice, 'seller' | 'buyer'>,
  names: PartyNames,
): { readonly seller: InvoiceSeller; readonly buyer: InvoiceBuyer } {
  const none = { address: null, taxId: null };
  return {
    seller: seller === null ? { name: names.provider, ...none, footer: null } : invoiceSeller.parse(seller),
    buyer: buyer === null ? { name: names.customer, ...none, email: null } : invoiceBuyer.parse(buyer),
  };
}
