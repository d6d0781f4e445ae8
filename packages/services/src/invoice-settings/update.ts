import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import {
  type InvoiceSettings,
  invoiceFooter,
  invoiceSettingsOutput,
  netDays,
  partyAddress,
  partyName,
  partyTaxId,
  remindDays,
  stopDays,
  toInvoiceSettings,
} from './settings.ts';

export const updateInvoiceSettingsInput = z.object({
  providerId,
  legalName: partyName.optional(),
  address: partyAddress.optional().meta({ description: 'Several lines' }),
  taxId: partyTaxId.optional(),
  footer: invoiceFooter.optional(),
  netDays: netDays.optional(),
  remindDays: remindDays.optional(),
  stopDays: stopDays.optional(),
});
export const updateInvoiceSettingsOutput = invoiceSettingsOutput;

/** Changes what the provider's next invoices say of it, and what is done about those that are not paid. Those that are issued stay as they are. */
export async function updateInvoiceSettings(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateInvoiceSettingsInput>,
): Promise<InvoiceSettings> {
  const { providerId, ...members } = parse(updateInvoiceSettingsInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const where = { providerId };
    const before = toInvoiceSettings(await step.tx.invoiceSettings.findUnique({ where }));
    const data = given(members);
    const row = await step.tx.invoiceSettings.upsert({ where, create: { providerId, ...data }, update: data });
    const after = toInvoiceSettings(row);
    await step.audit({ action: 'invoice-settings.update', targetId: providerId, before, after });
    return after;
  });
}
