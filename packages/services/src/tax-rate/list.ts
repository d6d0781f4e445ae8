import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type TaxRateOutput, taxRateOutput, toTaxRate } from './tax-rate.ts';

export const listTaxRatesInput = z.object({
  providerId,
  archived: z.boolean().optional().meta({ description: 'Those that are archived instead' }),
  ...pageInput,
});
export const listTaxRatesOutput = pageOf(taxRateOutput);

/** The provider's tax rates, oldest first. */
export async function listTaxRates(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listTaxRatesInput>,
): Promise<Page<TaxRateOutput>> {
  const wanted = parse(listTaxRatesInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const archivedAt = wanted.archived === true ? { not: null } : null;
  const where = { providerId: wanted.providerId, archivedAt, id: after };
  const rows = await read(ctx, access, (tx) => tx.taxRate.findMany({ where, orderBy, take }));
  return toPage(rows, wanted.limit, toTaxRate);
}
