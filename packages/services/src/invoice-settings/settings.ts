import type { DbInvoiceSettings } from '@tollwright/db';
import { z } from 'zod';

const words = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .nullable()
    .transform((text) => text || null);

/** Of one line. Empty, or null, is none. */
export const partyName = words(200);
/** Of several lines. Likewise. */
export const partyAddress = words(500);
export const partyTaxId = words(60);
export const invoiceFooter = words(1000);
export const netDays = z.int().min(0).max(180);

/** How long a customer has to pay unless its provider says otherwise. */
export const NET_DAYS = 14;
/** Days after the due day. */
export const REMIND_DAYS: readonly number[] = [1, 7, 14];
export const remindDays = z
  .array(z.int().min(1).max(90))
  .max(5)
  .refine((days) => days.every((day, index) => index === 0 || day > (days[index - 1] as number)), {
    error: 'must grow: 1, 7, 14',
  })
  .meta({ description: 'Days after the due day on which owners are reminded by mail, growing; none for no reminders' });
export const stopDays = z
  .int()
  .min(1)
  .max(180)
  .nullable()
  .meta({ description: 'Days after the due day from which live keys are refused until it is paid; null: never' });

export const invoiceSettingsOutput = z.object({
  legalName: z.string().nullable().meta({ description: "As invoices say it; null: the provider's name" }),
  address: z.string().nullable(),
  taxId: z.string().nullable(),
  footer: z.string().nullable().meta({ description: 'At the foot of every invoice: bank account, register, thanks' }),
  netDays: z.int().meta({ description: 'Days to pay, from the day of issue' }),
  ...{ remindDays, stopDays },
});
export type InvoiceSettings = z.output<typeof invoiceSettingsOutput>;

export function toInvoiceSettings(row: DbInvoiceSettings | null): InvoiceSettings {
  if (row === null) {
    const nothing = { legalName: null, address: null, taxId: null, footer: null };
    return { ...nothing, netDays: NET_DAYS, remindDays: [...REMIND_DAYS], stopDays: null };
  }
  const { legalName, address, taxId, footer, netDays, remindDays, stopDays } = row;
  return { legalName, address, taxId, footer, netDays, remindDays, stopDays };
}
