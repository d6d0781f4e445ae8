import {
  getBudget,
  getBudgetInput,
  getBudgetOutput,
  listBudgets,
  listBudgetsInput,
  listBudgetsOutput,
  removeBudget,
  removeBudgetInput,
  removeBudgetOutput,
  setBudget,
  setBudgetInput,
  setBudgetOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Budgets of a customer, its projects, agents and keys. */
export const budgetRouter = router({
  list: query({
    input: listBudgetsInput,
    output: listBudgetsOutput,
    run: listBudgets,
    rest: 'GET /budgets',
    summary: 'List budgets with what is spent and held',
  }),
  get: query({
    input: getBudgetInput,
    output: getBudgetOutput,
    run: getBudget,
    rest: 'GET /budgets/{budgetId}',
    summary: 'Read a budget',
  }),
  set: mutation({
    input: setBudgetInput,
    output: setBudgetOutput,
    run: setBudget,
    rest: 'PUT /budgets',
    summary: 'Set a budget',
  }),
  remove: mutation({
    input: removeBudgetInput,
    output: removeBudgetOutput,
    run: removeBudget,
    rest: 'DELETE /budgets/{budgetId}',
    summary: 'Remove a budget',
  }),
});
