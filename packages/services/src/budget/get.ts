import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { type BudgetOutput, budgetOutput, countersOf, toBudget } from './budget.ts';

export const getBudgetInput = z.object({ providerId, customerId, budgetId: idText });
export const getBudgetOutput = budgetOutput;

/** One budget with what is spent and held now. */
export async function getBudget(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getBudgetInput>,
): Promise<BudgetOutput> {
  const { providerId, customerId, budgetId } = parse(getBudgetInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'read');
  const where = { providerId, customerId, id: budgetId };
  const row = await read(ctx, access, (tx) => tx.budget.findFirst({ where }));
  if (!row) throw notFound();
  return toBudget(row, await countersOf(ctx, customerId));
}
