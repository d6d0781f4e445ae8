import type { DbNotice, Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { subjectNames } from '../budget/subject-names.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { decodeMoment, encodeMoment } from '../moment-cursor.ts';
import { type Page, pageInput, pageOf } from '../page.ts';
import { parse } from '../parse.ts';
import { budgetIdOf, type NoticeOutput, noticeOutput, toNotice } from './notice.ts';

export const listNoticesInput = z.object({
  providerId,
  customerId: customerId.optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
  ...pageInput,
});
export const listNoticesOutput = pageOf(noticeOutput);

/** Thresholds that budgets and quotas reached, newest first: of one customer, or for a provider of all. */
export async function listNotices(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listNoticesInput>,
): Promise<Page<NoticeOutput>> {
  const wanted = parse(listNoticesInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const size = wanted.limit ?? 50;
  const after = wanted.cursor === undefined ? null : decodeMoment(wanted.cursor);
  return read(ctx, access, async (tx) => {
    const rows = await tx.notice.findMany({
      where: {
        providerId: wanted.providerId,
        livemode: wanted.livemode ?? true,
        ...(wanted.customerId === undefined ? {} : { customerId: wanted.customerId }),
        ...(after === null
          ? {}
          : { OR: [{ occurredAt: { lt: after.at } }, { occurredAt: after.at, id: { lt: after.id } }] }),
      },
      orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
      take: size + 1,
    });
    const shown = rows.slice(0, size);
    const last = rows.length > size ? shown.at(-1) : undefined;
    return {
      items: await described(tx, shown),
      nextCursor: last === undefined ? null : encodeMoment({ at: last.occurredAt, id: last.id }),
    };
  });
}

async function described(tx: Tx, rows: readonly DbNotice[]): Promise<NoticeOutput[]> {
  const customerIds = [...new Set(rows.map(({ customerId: id }) => id))];
  const ids = rows.map(({ node }) => budgetIdOf(node)).filter((id) => id !== null);
  const budgets = await tx.budget.findMany({ where: { id: { in: ids } } });
  const bySubject = new Map(budgets.map((budget) => [budget.id, budget]));
  const names = await subjectNames(tx, customerIds);
  return rows.map((row) => {
    const budget = bySubject.get(budgetIdOf(row.node) ?? '') ?? null;
    const subjectName = budget === null ? null : (names.get(budget.subjectId) ?? null);
    return toNotice(row, { customerName: names.get(row.customerId) ?? row.customerId, budget, subjectName });
  });
}
