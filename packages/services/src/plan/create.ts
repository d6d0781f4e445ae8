import { slug } from '@tollwright/contracts';
import { isUniqueViolation, toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, displayName, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { checkTerms } from './check-terms.ts';
import { findPlan } from './find-plan.ts';
import { type PlanOutput, planOutput, termsInput } from './plan.ts';

export const createPlanInput = z.object({
  providerId,
  key: slug,
  name: displayName,
  description: z.string().trim().max(500).optional(),
  customerId: customerId.nullable().optional().meta({ description: 'Makes the plan private to this customer' }),
  terms: termsInput,
});
export const createPlanOutput = planOutput;

/** Makes a plan with a draft of its first version. */
export async function createPlan(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof createPlanInput>,
): Promise<PlanOutput> {
  const wanted = parse(createPlanInput, input);
  const { providerId, key, name } = wanted;
  const access = await authorize(ctx, actor, { providerId }, 'write');
  const customerId = wanted.customerId ?? null;
  try {
    return await change(ctx, access, async (step) => {
      const terms = await checkTerms(step.tx, providerId, wanted.terms);
      if (customerId !== null && !(await step.tx.customer.findFirst({ where: { providerId, id: customerId } }))) {
        throw invalid('customerId', 'names no customer');
      }
      const planId = step.id('plan');
      const description = wanted.description ?? '';
      await step.tx.plan.create({
        data: { id: planId, providerId, key, name, description, customerId, createdAt: step.now },
      });
      await step.tx.planVersion.create({
        data: {
          id: step.id('planVersion'),
          providerId,
          planId,
          version: 1,
          terms: toDbJson(terms),
          createdAt: step.now,
        },
      });
      await step.audit({ action: 'plan.create', targetId: planId, after: { key, name, customerId, terms } });
      return findPlan(step.tx, providerId, planId);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalid('key', 'is taken');
    throw error;
  }
}
