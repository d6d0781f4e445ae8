import {
  listStripeAccounts,
  listStripeAccountsInput,
  listStripeAccountsOutput,
  removeStripeAccount,
  removeStripeAccountInput,
  removeStripeAccountOutput,
  setStripeAccount,
  setStripeAccountInput,
  setStripeAccountOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Where card payments go. */
export const stripeAccountRouter = router({
  list: query({
    input: listStripeAccountsInput,
    output: listStripeAccountsOutput,
    run: listStripeAccounts,
    rest: 'GET /stripe-accounts',
    summary: 'List Stripe accounts',
  }),
  set: mutation({
    input: setStripeAccountInput,
    output: setStripeAccountOutput,
    run: setStripeAccount,
    rest: 'POST /stripe-accounts',
    summary: 'Set the Stripe account',
  }),
  remove: mutation({
    input: removeStripeAccountInput,
    output: removeStripeAccountOutput,
    run: removeStripeAccount,
    rest: 'DELETE /stripe-accounts/{stripeAccountId}',
    summary: 'Remove a Stripe account',
  }),
});
