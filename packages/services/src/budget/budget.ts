import type { Period } from '@tollwright/core';
import type { DbBudget } from '@tollwright/db';
import type { GrantedNode } from '@tollwright/state';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { idText } from '../fields.ts';
import { budgetTerms } from '../key/key.ts';

export const budgetSubject = z.enum(['customer', 'project', 'agent', 'key']);
/** What a budget caps: the customer itself, or one of its projects, agents or keys. */
export const budgetTarget = { subject: budgetSubject, subjectId: idText };

const SOFT = 'true: counts and announces, refuses nobody';

export const budgetOutput = budgetTerms.extend({
  id: z.string(),
  soft: z.boolean().meta({ description: SOFT }),
  ...budgetTarget,
  subjectId: z.string(),
  updatedAt: z.string(),
  /** Null where the state store could not be asked. */
  now: z
    .object({
      spentNanoUsd: z.string(),
      heldNanoUsd: z.string().meta({ description: 'Held by running calls' }),
      periodId: z.string().nullable().meta({ description: 'null: nothing was spent in the running period' }),
      resetAt: z.string().nullable(),
    })
    .nullable(),
});
export type BudgetOutput = z.output<typeof budgetOutput>;

/** Whether a budget only tells; what is set stays unless it is given. */
export const budgetSoft = z
  .boolean()
  .optional()
  .meta({ description: `${SOFT}. A new budget is hard unless told` });

/** The name of a budget's counter. */
export function budgetNodeName(budgetId: string): string {
  return `budget:${budgetId}`;
}

/** Reads the running counters of a customer; null when the store is away, which must not hide the budgets. */
export async function countersOf(
  ctx: ServiceContext,
  customerId: string,
): Promise<ReadonlyMap<string, GrantedNode> | null> {
  try {
    const nodes = await ctx.state.counters.read(`c:${customerId}`);
    return new Map(nodes.map((node) => [node.node, node]));
  } catch (error) {
    ctx.onError('read counters', error);
    return null;
  }
}

export function toBudget(row: DbBudget, counters: ReadonlyMap<string, GrantedNode> | null): BudgetOutput {
  const { id, subject, subjectId, limitNanoUsd, soft, updatedAt } = row;
  const counter = counters?.get(budgetNodeName(id));
  const endsAtMs = counter?.endsAtMs ?? null;
  return {
    id,
    subject,
    subjectId,
    limitNanoUsd: limitNanoUsd.toString(),
    period: row.period as Period,
    soft,
    updatedAt: updatedAt.toISOString(),
    now: counters && {
      spentNanoUsd: (counter?.spent ?? 0n).toString(),
      heldNanoUsd: (counter?.held ?? 0n).toString(),
      periodId: counter?.periodId ?? null,
      resetAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
    },
  };
}
