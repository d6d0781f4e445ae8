import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { findPlan } from './find-plan.ts';
import { type PlanOutput, planOutput } from './plan.ts';

export const archivePlanInput = z.object({ providerId, planId: idText });
export const archivePlanOutput = planOutput;

/** Takes a plan off offer. Its subscribers stay on it. */
export async function archivePlan(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof archivePlanInput>,
): Promise<PlanOutput> {
  const { providerId, planId } = parse(archivePlanInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const plan = await findPlan(step.tx, providerId, planId);
    await step.tx.plan.updateMany({ where: { id: planId, archivedAt: null }, data: { archivedAt: step.now } });
    await step.audit({ action: 'plan.archive', targetId: planId });
    await step.publishAllApis();
    return plan;
  });
}
