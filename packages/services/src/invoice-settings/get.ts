import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type InvoiceSettings, invoiceSettingsOutput, toInvoiceSettings } from './settings.ts';

export const getInvoiceSettingsInput = z.object({ providerId });
export const getInvoiceSettingsOutput = invoiceSettingsOutput;

/** What a provider's invoices say of it. */
export async function getInvoiceSettings(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getInvoiceSettingsInput>,
): Promise<InvoiceSettings> {
  const { providerId } = parse(getInvoiceSettingsInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  return toInvoiceSettings(await read(ctx, access, (tx) => tx.invoiceSettings.findUnique({ where: { providerId } })));
}
