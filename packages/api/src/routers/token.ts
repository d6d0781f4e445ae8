import {
  createToken,
  createTokenInput,
  createTokenOutput,
  listTokens,
  listTokensInput,
  listTokensOutput,
  revokeToken,
  revokeTokenInput,
  revokeTokenOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** Management tokens of an organization. */
export const tokenRouter = router({
  list: query({
    input: listTokensInput,
    output: listTokensOutput,
    run: listTokens,
    rest: 'GET /tokens',
    summary: 'List management tokens',
  }),
  create: mutation({
    input: createTokenInput,
    output: createTokenOutput,
    run: createToken,
    rest: 'POST /tokens',
    summary: 'Create a management token; shown once',
  }),
  revoke: mutation({
    input: revokeTokenInput,
    output: revokeTokenOutput,
    run: revokeToken,
    rest: 'DELETE /tokens/{tokenId}',
    summary: 'Revoke a management token',
  }),
});
