import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import type { ServiceContext } from '../context.ts';
import { type FileAnswer, fileOutput } from '../invoice/file.ts';
import { getInvoice, getInvoiceInput } from '../invoice/get.ts';
import { renderInvoicePdf } from './render.ts';

export const invoicePdfInput = getInvoiceInput;
export const invoicePdfOutput = fileOutput;

/** An invoice to be printed, as it stands now. Throws `not-found` for another customer's. */
export async function invoicePdf(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof invoicePdfInput>,
): Promise<FileAnswer> {
  const invoice = await getInvoice(ctx, actor, input);
  const bytes = await renderInvoicePdf(invoice);
  return {
    filename: `${invoice.number}.pdf`,
    mediaType: 'application/pdf',
    async *chunks() {
      yield bytes;
    },
  };
}
