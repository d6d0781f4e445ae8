import { POLICY_LEVELS } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { checkedPolicies } from './check.ts';
import { type PoliciesOutput, policiesInput, policiesOutput } from './policy.ts';

export const previewPoliciesInput = z.object({ providerId, level: z.enum(POLICY_LEVELS), policies: policiesInput });
export const previewPoliciesOutput = policiesOutput;

/** Shows what policies would be with their defaults. Stores nothing. Throws `invalid-input` with everything that is wrong. */
export async function previewPolicies(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof previewPoliciesInput>,
): Promise<PoliciesOutput> {
  const { providerId, level, policies } = parse(previewPoliciesInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const checked = await read(ctx, access, (tx) => checkedPolicies(tx, providerId, level, policies));
  return { policies: [...checked] };
}
