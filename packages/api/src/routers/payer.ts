import {
  forgetPayer,
  forgetPayerInput,
  forgetPayerOutput,
  listVerifiedPayers,
  listVerifiedPayersInput,
  listVerifiedPayersOutput,
  verifyPayer,
  verifyPayerInput,
  verifyPayerOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Payers whom the provider knows. */
export const payerRouter = router({
  verified: query({
    input: listVerifiedPayersInput,
    output: listVerifiedPayersOutput,
    run: listVerifiedPayers,
    rest: 'GET /verified-payers',
    summary: 'List payers who are known',
  }),
  verify: mutation({
    input: verifyPayerInput,
    output: verifyPayerOutput,
    run: verifyPayer,
    rest: 'POST /verified-payers',
    summary: 'Say who a payer is',
  }),
  forget: mutation({
    input: forgetPayerInput,
    output: forgetPayerOutput,
    run: forgetPayer,
    rest: 'DELETE /verified-payers/{verifiedPayerId}',
    summary: 'Say that a payer is known no longer',
  }),
});
