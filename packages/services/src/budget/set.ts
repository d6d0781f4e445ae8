import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import type { Owner } from '../agent/agent.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { given } from '../given.ts';
import { budgetTerms } from '../key/key.ts';
import { parse } from '../parse.ts';
import { invalid, notFound } from '../refusals.ts';
import { type BudgetOutput, budgetOutput, budgetSoft, budgetTarget, countersOf, toBudget } from './budget.ts';

export const setBudgetInput = z.object({
  providerId,
  customerId,
  ...budgetTarget,
  ...budgetTerms.shape,
  soft: budgetSoft,
});
export const setBudgetOutput = budgetOutput;

/**
 * Sets or replaces a budget. It holds for every call decided after this returns; what was spent in the period stays spent,
 * unless the period itself changes.
 */
export async function setBudget(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof setBudgetInput>,
): Promise<BudgetOutput> {
  const wanted = parse(setBudgetInput, input);
  const { providerId, customerId, subject, subjectId, period } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  if (subject === 'key' && wanted.soft === true) throw invalid('soft', 'every key has a cap: it cannot only tell');
  const row = await change(ctx, access, async (step) => {
    await assertSubject(step.tx, wanted, subject, subjectId);
    const where = { subject_subjectId: { subject, subjectId } };
    const before = await step.tx.budget.findUnique({ where });
    const soft = given({ soft: wanted.soft });
    const terms = { limitNanoUsd: BigInt(wanted.limitNanoUsd), period, ...soft, updatedAt: step.now };
    const after = await step.tx.budget.upsert({
      where,
      create: { id: step.id('budget'), providerId, customerId, subject, subjectId, ...terms, createdAt: step.now },
      update: terms,
    });
    await step.audit({ action: 'budget.set', targetId: after.id, ...(before ? { before } : {}), after });
    await step.publishCustomer(customerId);
    return after;
  });
  return toBudget(row, await countersOf(ctx, customerId));
}

async function assertSubject(
  tx: Tx,
  owner: Owner,
  subject: z.output<typeof setBudgetInput>['subject'],
  id: string,
): Promise<void> {
  const { providerId, customerId } = owner;
  const where = { providerId, customerId, id };
  const found = await {
    customer: async () => id === customerId,
    project: async () => (await tx.project.count({ where: { ...where, archivedAt: null } })) > 0,
    agent: async () => (await tx.agent.count({ where: { ...where, archivedAt: null } })) > 0,
    key: async () => (await tx.apiKey.count({ where: { ...where, revokedAt: null } })) > 0,
  }[subject]();
  if (!found) throw notFound();
}
