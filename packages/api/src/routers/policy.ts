import {
  getApiPolicies,
  getApiPoliciesInput,
  getApiPoliciesOutput,
  getRoutePolicies,
  getRoutePoliciesInput,
  getRoutePoliciesOutput,
  listPolicyTypes,
  listPolicyTypesInput,
  listPolicyTypesOutput,
  previewPolicies,
  previewPoliciesInput,
  previewPoliciesOutput,
  setApiPolicies,
  setApiPoliciesInput,
  setApiPoliciesOutput,
  setRoutePolicies,
  setRoutePoliciesInput,
  setRoutePoliciesOutput,
} from '@tollwright/services';
import { router } from '../trpc.ts';
import { mutation, query } from '../verb.ts';

/** What decides about calls, set for an API or a route. Those of a plan are part of its terms. */
export const policyRouter = router({
  types: query({
    input: listPolicyTypesInput,
    output: listPolicyTypesOutput,
    run: listPolicyTypes,
    rest: 'GET /policy-types',
    summary: 'List the policy types with the schemas of their options',
  }),
  preview: mutation({
    input: previewPoliciesInput,
    output: previewPoliciesOutput,
    run: previewPolicies,
    summary: 'Check policies without setting them',
  }),
  getForApi: query({
    input: getApiPoliciesInput,
    output: getApiPoliciesOutput,
    run: getApiPolicies,
    rest: 'GET /apis/{apiId}/policies',
    summary: 'Read the policies of an API',
  }),
  setForApi: mutation({
    input: setApiPoliciesInput,
    output: setApiPoliciesOutput,
    run: setApiPolicies,
    rest: 'PUT /apis/{apiId}/policies',
    summary: 'Set the policies of an API',
  }),
  getForRoute: query({
    input: getRoutePoliciesInput,
    output: getRoutePoliciesOutput,
    run: getRoutePolicies,
    rest: 'GET /apis/{apiId}/routes/{routeId}/policies',
    summary: 'Read the policies of a route',
  }),
  setForRoute: mutation({
    input: setRoutePoliciesInput,
    output: setRoutePoliciesOutput,
    run: setRoutePolicies,
    rest: 'PUT /apis/{apiId}/routes/{routeId}/policies',
    summary: 'Set the policies of a route',
  }),
});
