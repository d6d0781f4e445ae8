import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import { type TaxRateOutput, taxPercent, taxRateOutput, toTaxRate } from './tax-rate.ts';

/** So many rates are enough for every country with its reduced ones. */
const RATES_MAX = 200;

export const createTaxRateInput = z.object({
  providerId,
  name: z.string().trim().min(1).max(40).meta({ description: 'As invoices say it: VAT' }),
  percent: taxPercent,
  region: z.string().trim().min(1).max(80).meta({ description: 'A country or a region, in words: Germany' }),
});
export const createTaxRateOutput = taxRateOutput;

/** Adds a rate that customers can have. It is added to prices, which are without it. */
export async function createTaxRate(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createTaxRateInput>,
): Promise<TaxRateOutput> {
  const { providerId, ...members } = parse(createTaxRateInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const count = await step.tx.taxRate.count({ where: { providerId, archivedAt: null } });
    if (count >= RATES_MAX) throw conflict(`There are ${RATES_MAX} tax rates: archive one.`);
    const data = { id: step.id('taxRate'), providerId, ...members, createdAt: step.now };
    const after = toTaxRate(await step.tx.taxRate.create({ data }));
    await step.audit({ action: 'tax-rate.create', targetId: after.id, after });
    return after;
  });
}
