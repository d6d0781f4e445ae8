import {
  getCustomerBilling,
  getCustomerBillingInput,
  getCustomerBillingOutput,
  updateCustomerBilling,
  updateCustomerBillingInput,
  updateCustomerBillingOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What invoices say of a customer, and how they tax it. */
export const customerBillingRouter = router({
  get: query({
    input: getCustomerBillingInput,
    output: getCustomerBillingOutput,
    run: getCustomerBilling,
    rest: 'GET /customers/{customerId}/billing',
    summary: 'Read what invoices say of a customer, and how they tax it',
  }),
  update: mutation({
    input: updateCustomerBillingInput,
    output: updateCustomerBillingOutput,
    run: updateCustomerBilling,
    rest: 'PATCH /customers/{customerId}/billing',
    summary: "Change what a customer's next invoices say of it",
  }),
});
