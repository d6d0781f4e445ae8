import { nanoUsdText, signedNanoUsdText } from '@tollwright/contracts';
import type { DbCreditNote, DbInvoice, DbInvoiceLine } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';
import { invoiceBuyer, invoiceSeller, partiesOf } from './party.ts';

export const invoiceState = z.enum(['open', 'paid', 'void']);

export const invoiceLineOutput = z.object({
  kind: z.enum(['fee', 'usage', 'shortfall', 'credit', 'rerating', 'discount', 'minimum', 'rounding', 'tax']),
  description: z.string(),
  planVersionId: z.string().nullable(),
  rateCardKey: z.string().nullable(),
  meter: z.string().nullable(),
  model: z.string().nullable(),
  quantity: z.string().nullable().meta({ description: 'Units of the meter' }),
  taxPercent: z.string().nullable().meta({ description: 'Of a tax: its rate, an exact decimal' }),
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
  taxNanoUsd: nanoUsdText.meta({ description: 'What of it is tax' }),
  reason: z.string(),
  paidBack: z.string().nullable().meta({ description: 'How what was paid went back; null: it was only owed' }),
  createdBy: z.string(),
  createdAt: z.string(),
});

export const invoiceOutput = invoiceSummaryOutput.extend({
  seller: invoiceSeller.meta({ description: 'As it was when the invoice was issued, and so is the buyer' }),
  buyer: invoiceBuyer,
  taxNanoUsd: nanoUsdText.meta({ description: 'What of the total is tax' }),
  lines: z.array(invoiceLineOutput),
  creditNotes: z.array(creditNoteOutput),
});
export type InvoiceOutput = z.output<typeof invoiceOutput>;

/** What an invoice is read with. */
export const invoiceInclusion = {
  customer: { select: { name: true, provider: { select: { name: true } } } },
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

interface InvoiceRow extends SummaryRow {
  readonly customer: { readonly name: string; readonly provider: { readonly name: string } };
  readonly lines: readonly DbInvoiceLine[];
  readonly creditNotes: readonly DbCreditNote[];
}

export function toInvoice(row: InvoiceRow): InvoiceOutput {
  const { name: customer, provider } = row.customer;
  return {
    ...toInvoiceSummary(row),
    ...partiesOf(row, { customer, provider: provider.name }),
    taxNanoUsd: taxIn(row.lines).toString(),
    lines: row.lines.map(({ quantity, taxPercent, ...line }) =>
      toInvoiceLine({ ...line, quantity: quantity?.toFixed(0) ?? null, taxPercent: taxPercent?.toFixed() ?? null }),
    ),
    creditNotes: row.creditNotes.map(toCreditNote),
  };
}

/** What of an invoice is tax. */
export function taxIn(lines: readonly Pick<DbInvoiceLine, 'kind' | 'amountNanoUsd'>[]): bigint {
  return lines.reduce((sum, { kind, amountNanoUsd }) => sum + (kind === 'tax' ? amountNanoUsd : 0n), 0n);
}

function toCreditNote(row: DbCreditNote): z.output<typeof creditNoteOutput> {
  const { id, number, invoiceId, amountNanoUsd, taxNanoUsd, reason, paidBack, createdBy, createdAt } = row;
  return {
    ...{ id, number, invoiceId, amountNanoUsd: amountNanoUsd.toString(), taxNanoUsd: taxNanoUsd.toString(), reason },
    ...{ paidBack, createdBy, createdAt: toTimestamp(createdAt) },
  };
}

type LineSource = Pick<
  DbInvoiceLine,
  'description' | 'planVersionId' | 'rateCardKey' | 'meter' | 'model' | 'amountNanoUsd' | 'startsAt' | 'endsAt'
> & { readonly kind: string; readonly quantity: string | null; readonly taxPercent?: string | null | undefined };

/** A line, of an invoice or of one to come. */
export function toInvoiceLine(line: LineSource): InvoiceLineOutput {
  const { description, planVersionId, rateCardKey, meter, model, quantity } = line;
  return {
    ...{ description, planVersionId, rateCardKey, meter, model, quantity },
    kind: invoiceLineOutput.shape.kind.parse(line.kind),
    taxPercent: line.taxPercent ?? null,
    amountNanoUsd: line.amountNanoUsd.toString(),
    startsAt: toTimestamp(line.startsAt),
    endsAt: toTimestamp(line.endsAt),
  };
}
