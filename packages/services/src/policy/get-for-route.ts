import { fromDbPolicies } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { findPolicedRoute } from './find.ts';
import { type PoliciesOutput, policiesOutput } from './policy.ts';

export const getRoutePoliciesInput = z.object({ providerId, apiId: idText, routeId: idText });
export const getRoutePoliciesOutput = policiesOutput;

/** What is set for one route, in place of or beside its API's. */
export async function getRoutePolicies(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getRoutePoliciesInput>,
): Promise<PoliciesOutput> {
  const { providerId, apiId, routeId } = parse(getRoutePoliciesInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const route = await read(ctx, access, (tx) => findPolicedRoute(tx, providerId, apiId, routeId));
  return { policies: [...fromDbPolicies(route.policies)] };
}
