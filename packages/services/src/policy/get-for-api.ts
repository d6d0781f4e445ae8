import { fromDbPolicies } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { findPolicedApi } from './find.ts';
import { type PoliciesOutput, policiesOutput } from './policy.ts';

export const getApiPoliciesInput = z.object({ providerId, apiId: idText });
export const getApiPoliciesOutput = policiesOutput;

/** What is set for every route of an API. */
export async function getApiPolicies(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getApiPoliciesInput>,
): Promise<PoliciesOutput> {
  const { providerId, apiId } = parse(getApiPoliciesInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const api = await read(ctx, access, (tx) => findPolicedApi(tx, providerId, apiId));
  return { policies: [...fromDbPolicies(api.policies)] };
}
