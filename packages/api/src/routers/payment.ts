import {
  getPayment,
  getPaymentInput,
  getPaymentOutput,
  getReceipt,
  getReceiptInput,
  getReceiptOutput,
  listPayers,
  listPayersInput,
  listPayersOutput,
  listPayments,
  listPaymentsInput,
  listPaymentsOutput,
  paymentFunnel,
  paymentFunnelInput,
  paymentFunnelOutput,
  refundPayment,
  refundPaymentInput,
  refundPaymentOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Payments for single calls, of strangers and beside keys. */
export const paymentRouter = router({
  list: query({
    input: listPaymentsInput,
    output: listPaymentsOutput,
    run: listPayments,
    rest: 'GET /payments',
    summary: 'List payments, newest first',
  }),
  get: query({
    input: getPaymentInput,
    output: getPaymentOutput,
    run: getPayment,
    rest: 'GET /payments/{paymentId}',
    summary: 'Read a payment',
  }),
  receipt: query({
    input: getReceiptInput,
    output: getReceiptOutput,
    run: getReceipt,
    rest: 'GET /payments/{paymentId}/receipt',
    summary: "Get a payment's signed receipt",
  }),
  funnel: query({
    input: paymentFunnelInput,
    output: paymentFunnelOutput,
    run: paymentFunnel,
    rest: 'GET /payment-funnel',
    summary: 'What became of calls that had to be paid for, by rail',
  }),
  payers: query({
    input: listPayersInput,
    output: listPayersOutput,
    run: listPayers,
    rest: 'GET /payers',
    summary: 'Who paid, by what they paid',
  }),
  refund: mutation({
    input: refundPaymentInput,
    output: refundPaymentOutput,
    run: refundPayment,
    rest: 'POST /payments/{paymentId}/refunds',
    summary: 'Give a payment back, or a part of it',
  }),
});
