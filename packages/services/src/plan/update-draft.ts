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
import { type PlanVersionOutput, planVersionOutput, termsInput, toPlanVersion } from './plan.ts';

export const updateDraftInput = z.object({ providerId, planVersionId: idText, terms: termsInput });
export const updateDraftOutput = planVersionOutput;

/** Replaces the terms of a draft. Throws `version-published` for a version that is out. */
export async function updateDraft(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof updateDraftInput>,
): Promise<PlanVersionOutput> {
  const wanted = parse(updateDraftInput, input);
  const { providerId, planVersionId } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const row = await lockVersion(step.tx, providerId, planVersionId);
    if (row.publishedAt !== null) {
      throw new ProblemError({ slug: 'version-published', detail: `Version ${row.version} is published.` });
    }
    const terms = await checkTerms(step.tx, providerId, wanted.terms);
    const data = { terms: toDbJson(terms) };
    const after = await step.tx.planVersion.update({ where: { id: planVersionId }, data });
    await step.audit({ action: 'plan.update-draft', targetId: planVersionId, before: row.terms, after: terms });
    return toPlanVersion(after);
  });
}
