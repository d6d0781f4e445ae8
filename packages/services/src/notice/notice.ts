import { counterText } from '@tollwright/contracts';
import type { DbNotice } from '@tollwright/db';
import { z } from 'zod';
import { budgetSubject } from '../budget/budget.ts';

/** The first time in a period that a budget or quota reached a threshold. */
export const noticeOutput = z.object({
  id: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  apiId: z.string(),
  kind: z.enum(['budget', 'quota']),
  name: z.string().meta({ description: 'Whose budget it is, or what the quota is of' }),
  budgetId: z.string().nullable(),
  subject: budgetSubject.nullable().meta({ description: 'Of a budget that is still there' }),
  subjectId: z.string().nullable(),
  periodId: z.string(),
  percent: z.int().meta({ description: 'The threshold: 50, 80, 95 or 100 unless the API sets others' }),
  limit: counterText.meta({ description: 'Nano-dollars of a budget, units of a quota' }),
  used: counterText,
  livemode: z.boolean(),
  occurredAt: z.string(),
});
export type NoticeOutput = z.output<typeof noticeOutput>;

/** What a notice is about, as it is known now. A budget that was removed has no subject. */
export interface NoticeAbout {
  readonly customerName: string;
  readonly budget: { readonly subject: z.output<typeof budgetSubject>; readonly subjectId: string } | null;
  readonly subjectName: string | null;
}

const BUDGET = /^budget:(.+)$/;

/** The budget whose counter a node is; null is a quota's. */
export function budgetIdOf(node: string): string | null {
  return BUDGET.exec(node)?.[1] ?? null;
}

export function toNotice(row: DbNotice, { customerName, budget, subjectName }: NoticeAbout): NoticeOutput {
  const { id, customerId, apiId, node, periodId, percent, limit, used, livemode, occurredAt } = row;
  const budgetId = budgetIdOf(node);
  return {
    ...{ id, customerId, customerName, apiId },
    kind: budgetId === null ? 'quota' : 'budget',
    name: budgetId === null ? quotaName(node) : (subjectName ?? budgetId),
    budgetId,
    subject: budget?.subject ?? null,
    subjectId: budget?.subjectId ?? null,
    ...{ periodId, percent, livemode },
    limit: limit.toString(),
    used: used.toString(),
    occurredAt: occurredAt.toISOString(),
  };
}

/** The last part of `quota:plan:cus_…:calls`, without the anchor of its period. */
function quotaName(node: string): string {
  return node.split('@', 1)[0]?.split(':').at(-1) ?? node;
}
