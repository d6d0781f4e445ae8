import { listHolds, listHoldsInput, listHoldsOutput } from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** What running calls hold of limits. */
export const holdRouter = router({
  list: query({
    input: listHoldsInput,
    output: listHoldsOutput,
    run: listHolds,
    rest: 'GET /holds',
    summary: "List what a customer's running calls hold of its budgets and quotas",
  }),
});
