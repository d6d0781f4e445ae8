import {
  createCustomer,
  createCustomerInput,
  createCustomerOutput,
  getCustomer,
  getCustomerInput,
  getCustomerOutput,
  listCustomers,
  listCustomersInput,
  listCustomersOutput,
  updateCustomer,
  updateCustomerInput,
  updateCustomerOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Customers: agent owners of a provider. */
export const customerRouter = router({
  list: query({
    input: listCustomersInput,
    output: listCustomersOutput,
    run: listCustomers,
    rest: 'GET /customers',
    summary: 'List customers',
  }),
  get: query({
    input: getCustomerInput,
    output: getCustomerOutput,
    run: getCustomer,
    rest: 'GET /customers/{customerId}',
    summary: 'Read a customer',
  }),
  create: mutation({
    input: createCustomerInput,
    output: createCustomerOutput,
    run: createCustomer,
    rest: 'POST /customers',
    summary: 'Create a customer',
  }),
  update: mutation({
    input: updateCustomerInput,
    output: updateCustomerOutput,
    run: updateCustomer,
    rest: 'PATCH /customers/{customerId}',
    summary: 'Rename, suspend or resume a customer',
  }),
});
