import { nanoUsdText, signedNanoUsdText } from '@tollwright/contracts';
import type { DbCreditNote, DbInvoice, DbInvoiceLine } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const invoiceState = z.enum(['open', 'paid', 'void']);

export const invoiceLineOutput = z.object({
  kind: z.enum(['fee', 'usage', 'shortfall', 'credit', 'rerating', 'discount', 'minimum', 'rounding']),
  description: z.string(),
  planVersionId: z.string().nullable(),
  rateCardKey: z.string().nullable(),
  meter: z.string().nullable(),
  model: z.string().nullable(),
  quantity: z.string().nullable().meta({ description: 'Units of the meter' }),
  amountNanoUsd: signedNanoUsdText,
  startsAt: z.string().meta({ description: 'When it was used: a line of an earlier cycle came late' }),
  endsAt: z.string(),
});
export type InvoiceLineOutput = z.output<typeof invoiceLineOutput>;

/** An invoice as lists show it. Amounts are nano-dollars of whole cents. */
export const invoiceSummaryOutput = z.object({
  id: z.string(),
  number: z.string().meta({ description: "Without gaps among the provider's own, per mode" }),
  customerId: z.string(),
  customerName: z.string(),
  livemode: z.boolean(),
  reason: z.enum(['cycle', 'fee']).meta({ description: 'A billing cycle that ended, or a fee that is due at once' }),
  state: invoiceState,
  periodStartsAt: z.string(),
  periodEndsAt: z.string(),
  totalNanoUsd: nanoUsdText,
  paidNanoUsd: nanoUsdText,
  creditedNanoUsd: nanoUsdText.meta({ description: 'Taken back by credit notes' }),
  dueNanoUsd: nanoUsdText.meta({ description: 'Still to be paid' }),
  issuedAt: z.string(),
  dueAt: z.string(),
  paidAt: z.string().nullable(),
  paidBy: z.string().nullable(),
  voidedAt: z.string().nullable(),
  voidReason: z.string().nullable(),
});
export type InvoiceSummary = z.output<typeof invoiceSummaryOutput>;

export const creditNoteOutput = z.object({
  id: z.string(),
  number: z.string(),
  invoiceId: z.string(),
  amountNanoUsd: nanoUsdText,
  reason: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
});

export const invoiceOutput = invoiceSummaryOutput.extend({
  lines: z.array(invoiceLineOutput),
  creditNotes: z.array(creditNoteOutput),
});
export type InvoiceOutput = z.output<typeof invoiceOutput>;

/** What an invoice is read with. */
export const invoiceInclusion = {
  customer: { select: { name: true } },
  lines: { orderBy: { position: 'asc' } },
  creditNotes: { orderBy: { sequence: 'asc' } },
} as const;

type SummaryRow = DbInvoice & { readonly customer: { readonly name: string } };

export function toInvoiceSummary(row: SummaryRow): InvoiceSummary {
  const { id, number, customerId, livemode, totalNanoUsd, paidNanoUsd, creditedNanoUsd, paidBy, voidReason } = row;
  const due = row.state === 'void' ? 0n : totalNanoUsd - paidNanoUsd - creditedNanoUsd;
  return {
    ...{ id, number, customerId, customerName: row.customer.name, livemode, paidBy, voidReason },
    reason: row.reason === 'cycle' ? 'cycle' : 'fee',
    state: invoiceState.parse(row.state),
    periodStartsAt: toTimestamp(row.periodStartsAt),
    periodEndsAt: toTimestamp(row.periodEndsAt),
    totalNanoUsd: totalNanoUsd.toString(),
    paidNanoUsd: paidNanoUsd.toString(),
    creditedNanoUsd: creditedNanoUsd.toString(),
    dueNanoUsd: due.toString(),
    issuedAt: toTimestamp(row.issuedAt),
    dueAt: toTimestamp(row.dueAt),
    paidAt: toTimestamp(row.paidAt),
    voidedAt: toTimestamp(row.voidedAt),
  };
}

export function toInvoice(
  row: SummaryRow & { readonly lines: readonly DbInvoiceLine[]; readonly creditNotes: readonly DbCreditNote[] },
): InvoiceOutput {
  return {
    ...toInvoiceSummary(row),
    lines: row.lines.map((line) => toInvoiceLine({ ...line, quantity: line.quantity?.toFixed(0) ?? null })),
    creditNotes: row.creditNotes.map(({ id, number, invoiceId, amountNanoUsd, reason, createdBy, createdAt }) => ({
      ...{ id, number, invoiceId, amountNanoUsd: amountNanoUsd.toString(), reason, createdBy },
      createdAt: toTimestamp(createdAt),
    })),
  };
}

type LineSource = Pick<
  DbInvoiceLine,
  'description' | 'planVersionId' | 'rateCardKey' | 'meter' | 'model' | 'amountNanoUsd' | 'startsAt' | 'endsAt'
> & { readonly kind: string; readonly quantity: string | null };

/** A line, of an invoice or of one to come. */
export function toInvoiceLine(line: LineSource): InvoiceLineOutput {
  const { description, planVersionId, rateCardKey, meter, model, quantity } = line;
  return {
    ...{ description, planVersionId, rateCardKey, meter, model, quantity },
    kind: invoiceLineOutput.shape.kind.parse(line.kind),
    amountNanoUsd: line.amountNanoUsd.toString(),
    startsAt: toTimestamp(line.startsAt),
    endsAt: toTimestamp(line.endsAt),
  };
}
