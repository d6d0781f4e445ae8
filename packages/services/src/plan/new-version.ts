import { planTermsText } from '@tollwright/contracts';
import { isUniqueViolation, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import { checkTerms } from './check-terms.ts';
import { findPlan } from './find-plan.ts';
import { type PlanVersionOutput, planVersionOutput, termsInput, toPlanVersion } from './plan.ts';

export const newPlanVersionInput = z.object({
  providerId,
  planId: idText,
  terms: termsInput.optional().meta({ description: 'Terms of the draft; a copy of the newest version unless given' }),
});
export const newPlanVersionOutput = planVersionOutput;

/** Starts a draft of a plan's next version. A plan has one draft at a time. */
export async function newPlanVersion(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof newPlanVersionInput>,
): Promise<PlanVersionOutput> {
  const wanted = parse(newPlanVersionInput, input);
  const { providerId, planId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  try {
    return await change(ctx, access, async (step) => {
      const plan = await findPlan(step.tx, providerId, planId);
      const newest = plan.versions[0];
      if (newest?.status === 'draft') throw conflict(`Version ${newest.version} is still a draft: edit or publish it.`);
      const base = wanted.terms ?? planTermsText.parse(newest?.terms);
      const terms = await checkTerms(step.tx, providerId, base);
      const id = step.id('planVersion');
      const version = (newest?.version ?? 0) + 1;
      const data = { id, providerId, planId, version, terms: toDbJson(terms), createdAt: step.now };
      const after = toPlanVersion(await step.tx.planVersion.create({ data }));
      await step.audit({ action: 'plan.new-version', targetId: id, after });
      return after;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('Somebody else has just started a draft.');
    throw error;
  }
}
