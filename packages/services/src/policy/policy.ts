import { policyList } from '@tollwright/contracts';
import { z } from 'zod';

/** The policies of an API or of a route. Their order does not matter: what runs first is the order of the types. */
export const policiesOutput = z.object({ policies: policyList });
export type PoliciesOutput = z.output<typeof policiesOutput>;

export const policiesInput = policyList.meta({
  description: 'Replaces what was set. GET /policy-types lists the types with their options',
});
