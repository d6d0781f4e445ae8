import { planTermsText } from '@tollwright/contracts';
import { ProblemError } from '@tollwright/core';
import { toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { checkTerms } from './check-terms.ts';
import { lockVersion } from './lock-version.ts';
import { type PlanVersionOutput, planVersionOutput, toPlanVersion } from './plan.ts';

export const publishPlanInput = z.object({ providerId, planVersionId: idText });
export const publishPlanOutput = planVersionOutput;

/**
 * Publishes a draft: from now on it never changes, and new subscribers get it. Subscribers of older versions stay on
 * theirs until they are moved. Its features and meters are checked again, and frozen into it.
 */
export async function publishPlan(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof publishPlanInput>,
): Promise<PlanVersionOutput> {
  const { providerId, planVersionId } = parse(publishPlanInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const row = await lockVersion(step.tx, providerId, planVersionId);
    if (row.publishedAt !== null) {
      throw new ProblemError({ slug: 'version-published', detail: `Version ${row.version} is published already.` });
    }
    // Waits for subscribers of the version before, see subscription/choose-version.ts.
    await step.tx.$queryRaw`SELECT id FROM plan WHERE id = ${row.planId} FOR UPDATE`;
    const terms = await checkTerms(step.tx, providerId, planTermsText.parse(row.terms));
    const data = { terms: toDbJson(terms), publishedAt: step.now };
    const after = toPlanVersion(await step.tx.planVersion.update({ where: { id: planVersionId }, data }));
    await step.audit({ action: 'plan.publish', targetId: planVersionId, after });
    await step.publishAllApis();
    await step.tell({
      ...{ type: 'plan.published', customerId: null, livemode: null, occurredAt: step.now },
      data: { planId: row.planId, planVersionId, version: row.version },
    });
    return after;
  });
}
