import { makeId } from '@tollwright/core';
import type { DbPayment, DbRefund, Tx } from '@tollwright/db';
import { takeBackCredit } from '../credit/take-back.ts';
import type { PostingMeans } from '../ledger/post.ts';

/** What is to go back of a payment, and why. */
export interface RefundPlan {
  readonly amountAtomic: bigint;
  readonly reason: string;
  readonly requestedBy: string;
  /** What calls have drawn and hold of the credit that the payment bought; 0 where that is not known, or it bought none. */
  readonly drawnNanoUsd: bigint;
}

/**
 * Plans a refund, and takes the credit back that the payment bought; whoever calls has the customer published. The database refuses more than what is left of the payment; the worker carries it out.
 */
export async function planRefund(tx: Tx, means: PostingMeans, payment: DbPayment, plan: RefundPlan): Promise<DbRefund> {
  const now = new Date(means.clock());
  const { providerId, customerId, livemode, network } = payment;
  const refund = await tx.refund.create({
    data: {
      id: makeId('refund', means.clock(), means.random(10)),
      ...{ providerId, customerId, paymentId: payment.id, livemode, network, state: 'planned' },
      amountAtomic: plan.amountAtomic.toString(),
      amountNanoUsd: shareOf(payment, plan.amountAtomic),
      ...{ reason: plan.reason, requestedBy: plan.requestedBy, createdAt: now, updatedAt: now },
    },
  });
  await takeBackCredit(tx, means, payment, refund, plan.drawnNanoUsd);
  return refund;
}

/** What an amount of the payment's asset is worth, by what the payment itself was worth; rounded down, and whole for the whole. */
export function shareOf(
  { amountAtomic, priceNanoUsd, roundingNanoUsd }: Pick<DbPayment, 'amountAtomic' | 'priceNanoUsd' | 'roundingNanoUsd'>,
  part: bigint,
): bigint {
  return ((priceNanoUsd + roundingNanoUsd) * part) / BigInt(amountAtomic);
}
