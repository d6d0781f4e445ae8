import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, notFound } from '../refusals.ts';

export const removeBudgetInput = z.object({ providerId, customerId, budgetId: idText });
export const removeBudgetOutput = z.object({ budgetId: z.string() });

/** Takes a budget away from a customer, project or agent. A key keeps its cap: set another instead. */
export async function removeBudget(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof removeBudgetInput>,
): Promise<z.output<typeof removeBudgetOutput>> {
  const wanted = parse(removeBudgetInput, input);
  const { providerId, customerId, budgetId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async (step) => {
    const row = await step.tx.budget.findFirst({ where: { providerId, customerId, id: budgetId } });
    if (!row) throw notFound();
    if (row.subject === 'key') throw conflict('Every key has a cap: set another limit instead.');
    await step.tx.budget.delete({ where: { id: budgetId } });
    await step.audit({ action: 'budget.remove', targetId: budgetId, before: row });
    await step.publishCustomer(customerId);
    return { budgetId };
  });
}
