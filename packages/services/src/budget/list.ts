import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type BudgetOutput, budgetOutput, budgetTarget, countersOf, toBudget } from './budget.ts';

export const listBudgetsInput = z.object({
  providerId,
  customerId,
  subject: budgetTarget.subject.optional(),
  subjectId: budgetTarget.subjectId.optional(),
  ...pageInput,
});
export const listBudgetsOutput = pageOf(budgetOutput);

/** A customer's budgets with what is spent and held now. */
export async function listBudgets(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listBudgetsInput>,
): Promise<Page<BudgetOutput>> {
  const wanted = parse(listBudgetsInput, input);
  const { providerId, customerId, subject, subjectId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = {
    providerId,
    customerId,
    id: after,
    ...(subject === undefined ? {} : { subject }),
    ...(subjectId === undefined ? {} : { subjectId }),
  };
  const rows = await read(ctx, access, (tx) => tx.budget.findMany({ where, orderBy, take }));
  const counters = await countersOf(ctx, customerId);
  return toPage(rows, wanted.limit, (row) => toBudget(row, counters));
}
