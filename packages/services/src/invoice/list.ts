import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type InvoiceSummary, invoiceState, invoiceSummaryOutput, toInvoiceSummary } from './invoice.ts';

export const listInvoicesInput = z.object({
  providerId,
  customerId: customerId.optional().meta({ description: 'One customer; every customer for the provider unless given' }),
  state: invoiceState.optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: both modes' }),
  ...pageInput,
});
export const listInvoicesOutput = pageOf(invoiceSummaryOutput);

/** Invoices, newest first. */
export async function listInvoices(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listInvoicesInput>,
): Promise<Page<InvoiceSummary>> {
  const wanted = parse(listInvoicesInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const { providerId, customerId, state, livemode } = wanted;
  const where = {
    ...{ providerId, id: after },
    ...(customerId === undefined ? {} : { customerId }),
    ...(state === undefined ? {} : { state }),
    ...(livemode === undefined ? {} : { livemode }),
  };
  const include = { customer: { select: { name: true } } };
  const rows = await read(ctx, access, (tx) => tx.invoice.findMany({ where, include, orderBy, take }));
  return toPage(rows, wanted.limit, toInvoiceSummary);
}
