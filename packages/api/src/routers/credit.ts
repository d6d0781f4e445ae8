import {
  creditBalanceAt,
  creditBalanceAtInput,
  creditBalanceAtOutput,
  grantCredit,
  grantCreditInput,
  grantCreditOutput,
  listCreditBalances,
  listCreditBalancesInput,
  listCreditBalancesOutput,
  listCreditGrants,
  listCreditGrantsInput,
  listCreditGrantsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Prepaid credit of a customer and its agents. */
export const creditRouter = router({
  balances: query({
    input: listCreditBalancesInput,
    output: listCreditBalancesOutput,
    run: listCreditBalances,
    rest: 'GET /credits',
    summary: 'Read the balances of prepaid credit',
  }),
  balanceAt: query({
    input: creditBalanceAtInput,
    output: creditBalanceAtOutput,
    run: creditBalanceAt,
    rest: 'GET /credits/balance',
    summary: 'Read what the credit was at a moment, and what of it is pending now',
  }),
  list: query({
    input: listCreditGrantsInput,
    output: listCreditGrantsOutput,
    run: listCreditGrants,
    rest: 'GET /credits/grants',
    summary: 'List what came into the balances, newest first',
  }),
  grant: mutation({
    input: grantCreditInput,
    output: grantCreditOutput,
    run: grantCredit,
    rest: 'POST /credits/grants',
    summary: 'Give credit, or take it back',
  }),
});
