import type { PaymentRecord } from '@tollwright/contracts';
import type { RailDesk, RefundDesk, SignedRefund } from '@tollwright/payments';
import {
  beginRefund,
  type DueRefund,
  dueRefunds,
  endRefund,
  keepRefundTransaction,
  moveToRefunding,
  nextRefundNonce,
  type ServiceContext,
  unansweredPayments,
} from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';
import { UNANSWERED } from './payments.ts';

/** Gives money back that was paid and not earned, or that somebody asked back. One at a time: nonces follow each other. */
export function refundsQueue(ctx: ServiceContext, desks: readonly RailDesk[]): QueueSpec {
  const run = async () => {
    const counts = { refunded: 0, failed: 0, waiting: 0 };
    await giveBackUnanswered(ctx, desks);
    for (const refund of await dueRefunds(ctx)) {
      try {
        counts[await carryOutRefund(ctx, desks, refund)] += 1;
      } catch (error) {
        ctx.onError(`refund ${refund.refundId}`, error);
        counts.waiting += 1;
      }
    }
    return counts.refunded + counts.failed === 0 ? null : counts;
  };
  return { name: 'refunds', concurrency: 1, jobs: [{ name: 'carry-out', everyMs: 3_000, run }] };
}

/** Who paid and was not answered gets the money back without asking, wherever somebody can send it. */
async function giveBackUnanswered(ctx: ServiceContext, desks: readonly RailDesk[]): Promise<void> {
  for (const payment of await unansweredPayments(ctx)) {
    const desk = desks.find(({ name }) => name === payment.rail)?.refunds;
    try {
      const canRefund = desk !== undefined && (await desk.senderOf(payment)) !== undefined;
      if (canRefund) await moveToRefunding(ctx, payment, UNANSWERED);
    } catch (error) {
      ctx.onError(`give ${payment.paymentId} back`, error);
    }
  }
}

/** Takes one refund as far as its rail allows. */
export async function carryOutRefund(
  ctx: ServiceContext,
  desks: readonly RailDesk[],
  due: DueRefund,
): Promise<'refunded' | 'failed' | 'waiting'> {
  const desk = desks.find(({ name }) => name === due.payment.rail)?.refunds;
  if (desk === undefined) return waiting(ctx, due.payment, 'nothing of this rail can be given back here');
  const sender = await desk.senderOf(due.payment);
  if (sender === undefined && due.signed === null) return waiting(ctx, due.payment, 'no key that gives tokens back');
  const refund = await beginRefund(ctx, due);
  const { refundId, payment, amountAtomic } = refund;
  const signed = refund.signed ?? (typeof sender === 'string' ? await signOnce(ctx, desk, refund, sender) : null);
  const progress = await desk.send(payment, { refundId, amountAtomic, signed });
  switch (progress.kind) {
    case 'refunded':
    case 'failed':
      await endRefund(ctx, refund, progress);
      return progress.kind;
    case 'open':
      return 'waiting';
    case 'unavailable':
      return waiting(ctx, payment, progress.reason);
  }
}

/** Signs a refund and keeps it before anybody sends it. Throws when another worker was faster. */
async function signOnce(
  ctx: ServiceContext,
  desk: RefundDesk,
  refund: DueRefund,
  sender: string,
): Promise<SignedRefund> {
  const { refundId, payment, amountAtomic } = refund;
  const nonceMin = await nextRefundNonce(ctx, payment, sender);
  const signed = await desk.sign(payment, { refundId, amountAtomic, signed: null }, nonceMin);
  if (!(await keepRefundTransaction(ctx, refund, signed))) throw new Error('another worker has signed it');
  return signed;
}

function waiting(ctx: ServiceContext, { paymentId }: PaymentRecord, reason: string): 'waiting' {
  ctx.onError(`refund of ${paymentId}`, new Error(reason));
  return 'waiting';
}
