import {
  getProvider,
  getProviderInput,
  getProviderOutput,
  listAudit,
  listAuditInput,
  listAuditOutput,
  updateProvider,
  updateProviderInput,
  updateProviderOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** The provider itself, its team and its management tokens. */
export const providerRouter = router({
  get: query({
    input: getProviderInput,
    output: getProviderOutput,
    run: getProvider,
    rest: 'GET /provider',
    summary: 'The provider of this token',
  }),
  update: mutation({
    input: updateProviderInput,
    output: updateProviderOutput,
    run: updateProvider,
    rest: 'PATCH /provider',
    summary: 'Change the provider',
  }),
  audit: query({
    input: listAuditInput,
    output: listAuditOutput,
    run: listAudit,
    rest: 'GET /audit',
    summary: 'Who changed what, newest first',
  }),
});
