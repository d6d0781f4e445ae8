import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { findPlan } from './find-plan.ts';
import { type PlanOutput, planOutput } from './plan.ts';

export const getPlanInput = z.object({ providerId, planId: idText });
export const getPlanOutput = planOutput;

/** One plan with all its versions. */
export async function getPlan(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getPlanInput>,
): Promise<PlanOutput> {
  const { providerId, planId } = parse(getPlanInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  return read(ctx, access, (tx) => findPlan(tx, providerId, planId));
}
