import {
  creditInvoice,
  creditInvoiceInput,
  creditInvoiceOutput,
  getInvoice,
  getInvoiceInput,
  getInvoiceOutput,
  listInvoices,
  listInvoicesInput,
  listInvoicesOutput,
  payInvoice,
  payInvoiceInput,
  payInvoiceOutput,
  upcomingInvoice,
  upcomingInvoiceInput,
  upcomingInvoiceOutput,
  voidInvoice,
  voidInvoiceInput,
  voidInvoiceOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What customers owe for billing cycles and fees. */
export const invoiceRouter = router({
  list: query({
    input: listInvoicesInput,
    output: listInvoicesOutput,
    run: listInvoices,
    rest: 'GET /invoices',
    summary: 'List invoices, newest first',
  }),
  upcoming: query({
    input: upcomingInvoiceInput,
    output: upcomingInvoiceOutput,
    run: upcomingInvoice,
    rest: 'GET /invoices/upcoming',
    summary: 'Read what the next invoice would say if the billing cycle ended now',
  }),
  get: query({
    input: getInvoiceInput,
    output: getInvoiceOutput,
    run: getInvoice,
    rest: 'GET /invoices/{invoiceId}',
    summary: 'Read an invoice with its lines and credit notes',
  }),
  pay: mutation({
    input: payInvoiceInput,
    output: payInvoiceOutput,
    run: payInvoice,
    rest: 'POST /invoices/{invoiceId}/pay',
    summary: 'Note that an open invoice was paid outside of Tollwright',
  }),
  credit: mutation({
    input: creditInvoiceInput,
    output: creditInvoiceOutput,
    run: creditInvoice,
    rest: 'POST /invoices/{invoiceId}/credit-notes',
    summary: 'Take back a part of an open invoice with a credit note',
  }),
  void: mutation({
    input: voidInvoiceInput,
    output: voidInvoiceOutput,
    run: voidInvoice,
    rest: 'POST /invoices/{invoiceId}/void',
    summary: 'Give an open invoice up',
  }),
});
