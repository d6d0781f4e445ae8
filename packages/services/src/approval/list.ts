import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type ApprovalOutput, approvalOutput, describeApprovals } from './approval.ts';

export const listApprovalsInput = z.object({ providerId, customerId, ...pageInput });
export const listApprovalsOutput = pageOf(approvalOutput);

/** Payments that a customer's agents asked its owners to approve, newest first. */
export async function listApprovals(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listApprovalsInput>,
): Promise<Page<ApprovalOutput>> {
  const wanted = parse(listApprovalsInput, input);
  const { providerId, customerId } = wanted;
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const where = { providerId, customerId, id: after };
  return read(ctx, access, async (tx) => {
    const page = toPage(await tx.paymentApproval.findMany({ where, orderBy, take }), wanted.limit, (row) => row);
    return { ...page, items: await describeApprovals(tx, providerId, page.items, ctx.clock()) };
  });
}
