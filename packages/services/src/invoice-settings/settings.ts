import type { DbInvoiceSettings } from '@tollwright/db';
import { z } from 'zod';

const words = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .transform((text) => (text === '' ? null : text));

/** Of one line. Empty is none. */
export const partyName = words(200);
/** Of several lines. Empty is none. */
export const partyAddress = words(500);
export const partyTaxId = words(60);
export const invoiceFooter = words(1000);
export const netDays = z.int().min(0).max(180);

/** How long a customer has to pay unless its provider says otherwise. */
export const NET_DAYS = 14;

export const invoiceSettingsOutput = z.object({
  legalName: z.string().nullable().meta({ description: "As invoices say it; null: the provider's name" }),
  address: z.string().nullable(),
  taxId: z.string().nullable(),
  footer: z.string().nullable().meta({ description: 'At the foot of every invoice: bank account, register, thanks' }),
  netDays: z.int().meta({ description: 'Days to pay, from the day of issue' }),
});
export type InvoiceSettings = z.output<typeof invoiceSettingsOutput>;

export function toInvoiceSettings(row: DbInvoiceSettings | null): InvoiceSettings {
  if (row === null) return { legalName: null, address: null, taxId: null, footer: null, netDays: NET_DAYS };
  const { legalName, address, taxId, footer, netDays } = row;
  return { legalName, address, taxId, footer, netDays };
}
