import { fromDbPolicies, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change, read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { checkedPolicies } from './check.ts';
import { findPolicedApi, findPolicedRoute } from './find.ts';
import { assertFit } from './fit-document.ts';
import { type PoliciesOutput, policiesInput, policiesOutput } from './policy.ts';

export const setRoutePoliciesInput = z.object({ providerId, apiId: idText, routeId: idText, policies: policiesInput });
export const setRoutePoliciesOutput = policiesOutput;

/** Replaces what is set for one route. Throws `invalid-input` with everything that is wrong. */
export async function setRoutePolicies(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setRoutePoliciesInput>,
): Promise<PoliciesOutput> {
  const wanted = parse(setRoutePoliciesInput, input);
  const { providerId, apiId, routeId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const found = await read(ctx, access, async (tx) => ({
    route: await findPolicedRoute(tx, providerId, apiId, routeId),
    api: await findPolicedApi(tx, providerId, apiId),
    policies: await checkedPolicies(tx, providerId, 'route', wanted.policies),
  }));
  const { route, api, policies } = found;
  const apiPolicies = fromDbPolicies(api.policies);
  await assertFit(policies, { document: api.document, apiPolicies, routes: [{ ...route, policies }] });
  return change(ctx, access, async (step) => {
    const before = fromDbPolicies((await findPolicedRoute(step.tx, providerId, apiId, routeId)).policies);
    await step.tx.route.update({ where: { id: routeId }, data: { policies: toDbJson(policies) } });
    await step.audit({ action: 'route.set-policies', targetId: routeId, before, after: policies });
    await step.publishApi(apiId);
    return { policies: [...policies] };
  });
}
