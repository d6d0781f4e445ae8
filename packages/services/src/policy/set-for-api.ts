import { fromDbPolicies, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change, read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { checkedPolicies } from './check.ts';
import { findPolicedApi, servedRoutes } from './find.ts';
import { assertFit } from './fit-document.ts';
import { type PoliciesOutput, policiesInput, policiesOutput } from './policy.ts';

export const setApiPoliciesInput = z.object({ providerId, apiId: idText, policies: policiesInput });
export const setApiPoliciesOutput = policiesOutput;

/** Replaces what is set for every route of an API. Throws `invalid-input` with everything that is wrong. */
export async function setApiPolicies(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setApiPoliciesInput>,
): Promise<PoliciesOutput> {
  const wanted = parse(setApiPoliciesInput, input);
  const { providerId, apiId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const found = await read(ctx, access, async (tx) => ({
    document: (await findPolicedApi(tx, providerId, apiId)).document,
    policies: await checkedPolicies(tx, providerId, 'api', wanted.policies),
    routes: await servedRoutes(tx, providerId, apiId),
  }));
  const { document, policies, routes } = found;
  await assertFit(policies, { document, apiPolicies: policies, routes });
  return change(ctx, access, async (step) => {
    const before = fromDbPolicies((await findPolicedApi(step.tx, providerId, apiId)).policies);
    await step.tx.api.update({ where: { id: apiId }, data: { policies: toDbJson(policies) } });
    await step.audit({ action: 'api.set-policies', targetId: apiId, before, after: policies });
    await step.publishApi(apiId);
    return { policies: [...policies] };
  });
}
