import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, notFound } from '../refusals.ts';
import { type TaxRateOutput, taxRateOutput, toTaxRate } from './tax-rate.ts';

export const archiveTaxRateInput = z.object({ providerId, taxRateId: idText });
export const archiveTaxRateOutput = taxRateOutput;

/** Puts a rate away that no customer has any more. Invoices keep what they say of it. */
export async function archiveTaxRate(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof archiveTaxRateInput>,
): Promise<TaxRateOutput> {
  const { providerId, taxRateId: id } = parse(archiveTaxRateInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    await step.tx.$queryRaw`SELECT 1 FROM tax_rate WHERE id = ${id} AND provider_id = ${providerId} FOR UPDATE`;
    const row = await step.tx.taxRate.findFirst({ where: { providerId, id } });
    if (row === null) throw notFound();
    if (row.archivedAt !== null) return toTaxRate(row);
    const having = await step.tx.customerBilling.count({ where: { providerId, taxRateId: id } });
    if (having > 0) throw conflict(`This rate is the tax of ${having} customers: give them another first.`);
    const after = toTaxRate(await step.tx.taxRate.update({ where: { id }, data: { archivedAt: step.now } }));
    await step.audit({ action: 'tax-rate.archive', targetId: id, before: toTaxRate(row), after });
    return after;
  });
}
