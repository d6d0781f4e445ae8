import type { DbInvoice } from '@tollwright/db';
import { invoiceState } from '../invoice/invoice.ts';
import type { Told } from '../webhook/tell.ts';

type InvoiceEvent = 'invoice.issued' | 'invoice.overdue' | 'invoice.paid' | 'invoice.voided' | 'invoice.credited';

/** What webhooks hear of an invoice. */
export function invoiceTold(type: InvoiceEvent, invoice: DbInvoice): Extract<Told, { type: InvoiceEvent }> {
  const { id, number, customerId, livemode, state, totalNanoUsd, paidNanoUsd, creditedNanoUsd, issuedAt, dueAt } =
    invoice;
  return {
    ...{ type, customerId, livemode, occurredAt: issuedAt },
    data: {
      ...{ invoiceId: id, number, state: invoiceState.parse(state), dueAt: dueAt.toISOString() },
      totalNanoUsd: totalNanoUsd.toString(),
      dueNanoUsd: (state === 'void' ? 0n : totalNanoUsd - paidNanoUsd - creditedNanoUsd).toString(),
    },
  };
}
