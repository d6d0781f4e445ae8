import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type InvoiceOutput, invoiceInclusion, invoiceOutput, toInvoice } from './invoice.ts';

export const getInvoiceInput = z.object({ providerId, customerId: customerId.optional(), invoiceId: idText });
export const getInvoiceOutput = invoiceOutput;

/** An invoice with its lines and credit notes. Throws `not-found` for another customer's. */
export async function getInvoice(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getInvoiceInput>,
): Promise<InvoiceOutput> {
  const wanted = parse(getInvoiceInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { providerId, customerId, invoiceId: id } = wanted;
  const where = { providerId, id, ...(customerId === undefined ? {} : { customerId }) };
  const row = await read(ctx, access, (tx) => tx.invoice.findFirst({ where, include: invoiceInclusion }));
  if (row === null) throw notFound();
  return toInvoice(row);
}
