import { policyList } from '@tollwright/contracts';
import { z } from 'zod';

/** The policies of an API or of a route. Their order does not matter: what runs first is the order of the types. */
export const policiesOutput = z.object({ policies: policyList.unwrap() });
export type PoliciesOutput = z.output<typeof policiesOutput>;

/** Required: a body that names nothing does not remove what is set. */
export const policiesInput = policyList.unwrap().meta({
  description: 'Replaces what was set. GET /policy-types lists the types with their options',
});
