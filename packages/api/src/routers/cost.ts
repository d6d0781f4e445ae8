import {
  listCosts,
  listCostsInput,
  listCostsOutput,
  setCosts,
  setCostsInput,
  setCostsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What calls cost the provider. */
export const costRouter = router({
  list: query({
    input: listCostsInput,
    output: listCostsOutput,
    run: listCosts,
    rest: 'GET /costs',
    summary: 'List cost tables, newest first',
  }),
  set: mutation({
    input: setCostsInput,
    output: setCostsOutput,
    run: setCosts,
    rest: 'POST /costs',
    summary: 'Say what calls and tokens cost from a moment on',
  }),
});
