import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, idText, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { parse } from '../parse.ts';
import { findPlan } from './find-plan.ts';
import { type PlanOutput, planOutput } from './plan.ts';

export const updatePlanInput = z.object({
  providerId,
  planId: idText,
  name: displayName.optional(),
  description: z.string().trim().max(500).optional(),
});
export const updatePlanOutput = planOutput;

/** Renames a plan. What it grants and costs are its versions. */
export async function updatePlan(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updatePlanInput>,
): Promise<PlanOutput> {
  const { providerId, planId, ...members } = parse(updatePlanInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const { name, description } = await findPlan(step.tx, providerId, planId);
    await step.tx.plan.update({ where: { id: planId }, data: given(members) });
    await step.audit({ action: 'plan.update', targetId: planId, before: { name, description }, after: members });
    return findPlan(step.tx, providerId, planId);
  });
}
