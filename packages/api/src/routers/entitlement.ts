import {
  getEntitlement,
  getEntitlementInput,
  getEntitlementOutput,
  listEntitlements,
  listEntitlementsInput,
  listEntitlementsOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { query } from '../verb.ts';

/** What customers may use, as the gateway enforces it. */
export const entitlementRouter = router({
  list: query({
    input: listEntitlementsInput,
    output: listEntitlementsOutput,
    run: listEntitlements,
    rest: 'GET /customers/{customerId}/entitlements',
    summary: 'What the plan of a customer grants, and how much is left',
  }),
  get: query({
    input: getEntitlementInput,
    output: getEntitlementOutput,
    run: getEntitlement,
    rest: 'GET /customers/{customerId}/entitlements/{featureKey}',
    summary: 'Whether a customer may use a feature now',
  }),
});
