import { PAYMENT_APPROVALS_MAX } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import { type Actor, actorName } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, moneyText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, invalid, notFound } from '../refusals.ts';
import { type ApprovalOutput, approvalOutput, approvalTold, DECIDED_MS, describeApprovals } from './approval.ts';

export const decideApprovalInput = z.object({
  providerId,
  customerId,
  approvalId: idText,
  decision: z.enum(['once', 'day', 'refused']).meta({ description: 'day: as often as it likes in 24 hours' }),
  limitNanoUsd: moneyText
    .optional()
    .meta({ description: 'The most that may be paid under it, in sum; what was asked for unless given' }),
});
export const decideApprovalOutput = approvalOutput;

/** An owner lets an agent pay what it asked for, or refuses. What was approved may be refused later, and holds no more then. */
export async function decideApproval(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof decideApprovalInput>,
): Promise<ApprovalOutput> {
  const wanted = parse(decideApprovalInput, input);
  const { providerId, customerId, approvalId, decision } = wanted;
  const access = await authorize(ctx, actor, wanted, 'write');
  return change(ctx, access, async ({ tx, now, audit, publishCustomer, tell }) => {
    // Two who decide at once are heard one after the other.
    await tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
    const row = await tx.paymentApproval.findFirst({ where: { providerId, customerId, id: approvalId } });
    if (row === null) throw notFound();
    const isAsked = row.state === 'asked';
    if (!isAsked && (decision !== 'refused' || row.state === 'used' || row.state === 'refused')) {
      throw conflict('This was decided before.');
    }
    const limitNanoUsd = BigInt(wanted.limitNanoUsd ?? row.priceNanoUsd);
    if (limitNanoUsd < row.priceNanoUsd) throw invalid('limitNanoUsd', 'must be at least what was asked for');
    if (decision !== 'refused') await assertRoom(tx, providerId, customerId, now);
    const isApproved = decision !== 'refused';
    const after = await tx.paymentApproval.update({
      where: { id: approvalId },
      data: {
        ...{ state: decision, decidedBy: actorName(actor), decidedAt: now },
        limitNanoUsd: isApproved ? limitNanoUsd : null,
        expiresAt: isApproved ? new Date(now.getTime() + DECIDED_MS) : null,
      },
    });
    const described = await describeApprovals(tx, providerId, [row, after], now.getTime());
    const [before, decided] = described as [ApprovalOutput, ApprovalOutput];
    await audit({ action: 'approval.decide', targetId: approvalId, before, after: decided });
    await publishCustomer(customerId);
    await tell(approvalTold('approval.decided', after, now));
    return decided;
  });
}

/** All that hold travel with the customer's record. */
async function assertRoom(tx: Tx, providerId: string, customerId: string, now: Date): Promise<void> {
  const holding = await tx.paymentApproval.count({
    where: { providerId, customerId, state: { in: ['once', 'day'] }, expiresAt: { gt: now } },
  });
  if (holding >= PAYMENT_APPROVALS_MAX) throw conflict(`At most ${PAYMENT_APPROVALS_MAX} approvals hold at a time.`);
}
