import {
  getPayment,
  getPaymentInput,
  getPaymentOutput,
  listPayments,
  listPaymentsInput,
  listPaymentsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** Payments of strangers. */
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
});
