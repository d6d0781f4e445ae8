import { type Cycle, ceil, nanoUsd, periodFee, rational } from '@tollwright/core';
import { type DbSubscription, fromDbPlanTerms, type Tx } from '@tollwright/db';
import { type PostingMeans, postTransfer } from '../ledger/post.ts';
import { openCycle } from './cycle.ts';

type PaymentTerm = 'in-advance' | 'in-arrears';

/**
 * Posts the fee that is due in advance for the cycle of `at`: the customer owes it, the provider has earned it. A cycle that is
 * entered in the middle costs its rest, and a dearer plan the difference for the rest: whoever comes back to a plan in a cycle
 * that was paid for pays nothing again. Answers whether anything was posted. The transaction's tenant must be the whole provider.
 */
export async function postAdvanceFee(
  tx: Tx,
  means: PostingMeans,
  subscription: DbSubscription,
  at: Date,
): Promise<boolean> {
  const { providerId, customerId, livemode } = subscription;
  const cycle = await openCycle(tx, { providerId, customerId }, at.getTime());
  const fee = await feeOf(tx, subscription, 'in-advance');
  const cycleStartsAt = new Date(cycle.startsAtMs);
  const { _max } = await tx.cycleFee.aggregate({
    where: { providerId, customerId, livemode, cycleStartsAt, paymentTerm: 'in-advance' },
    _max: { feeNanoUsd: true },
  });
  const paidFor = _max.feeNanoUsd ?? 0n;
  if (fee <= paidFor) return false;
  const stretch = { startsAtMs: at.getTime(), endsAtMs: cycle.endsAtMs };
  return post(tx, means, subscription, { cycle, stretch, fee, shareOf: fee - paidFor, paymentTerm: 'in-advance' });
}

/** Posts what subscriptions owe at the end of a cycle, or of their version: its fee in arrears, for the part of the cycle that they were on it. */
export async function postArrears(
  tx: Tx,
  means: PostingMeans,
  subscriptions: readonly DbSubscription[],
  cycle: Cycle,
): Promise<void> {
  for (const subscription of subscriptions) {
    const { startedAt, movedAt, endedAt } = subscription;
    const startsAtMs = Math.max(cycle.startsAtMs, (movedAt ?? startedAt).getTime());
    const endsAtMs = Math.min(cycle.endsAtMs, endedAt?.getTime() ?? cycle.endsAtMs);
    if (startsAtMs >= endsAtMs) continue;
    const fee = await feeOf(tx, subscription, 'in-arrears');
    if (fee === 0n) continue;
    const stretch = { startsAtMs, endsAtMs };
    await post(tx, means, subscription, { cycle, stretch, fee, shareOf: fee, paymentTerm: 'in-arrears' });
  }
}

async function feeOf(tx: Tx, { planVersionId }: DbSubscription, term: PaymentTerm): Promise<bigint> {
  const version = await tx.planVersion.findUniqueOrThrow({ where: { id: planVersionId } });
  return periodFee(fromDbPlanTerms(version.terms).rateCards, term);
}

interface Due {
  readonly cycle: Cycle;
  /** What of the cycle is paid for. */
  readonly stretch: Cycle;
  readonly fee: bigint;
  /** What of the fee is due for a whole cycle. */
  readonly shareOf: bigint;
  readonly paymentTerm: PaymentTerm;
}

async function post(tx: Tx, means: PostingMeans, subscription: DbSubscription, due: Due): Promise<boolean> {
  const { id, providerId, customerId, planVersionId, livemode } = subscription;
  const { cycle, stretch, fee, shareOf, paymentTerm } = due;
  const amount = prorated(shareOf, stretch, cycle);
  if (amount === 0n) return false;
  const startsAt = new Date(stretch.startsAtMs);
  const cycleStartsAt = new Date(cycle.startsAtMs);
  const version = paymentTerm === 'in-advance' ? planVersionId : `${planVersionId}:${startsAt.toISOString()}`;
  const reference = `subscription:${id}:${cycleStartsAt.toISOString()}:${paymentTerm}:${version}`;
  const posted = await postTransfer(tx, means, {
    ...{ providerId, customerId, reference, kind: 'subscription-fee', livemode },
    occurredAt: paymentTerm === 'in-advance' ? startsAt : new Date(stretch.endsAtMs),
    lines: [
      { kind: 'receivable', customerId, amountNanoUsd: nanoUsd(amount) },
      { kind: 'revenue', customerId: null, amountNanoUsd: nanoUsd(-amount) },
    ],
  });
  if (!posted) return false;
  await tx.cycleFee.create({
    data: {
      ...{ providerId, reference, customerId, subscriptionId: id, planVersionId, livemode, cycleStartsAt, startsAt },
      ...{ endsAt: new Date(stretch.endsAtMs), paymentTerm, feeNanoUsd: fee, amountNanoUsd: amount },
      createdAt: new Date(means.clock()),
    },
  });
  return true;
}

/** What of an amount for a cycle a stretch of it costs, to the millisecond, rounded up once. */
export function prorated(amount: bigint, stretch: Cycle, cycle: Cycle): bigint {
  const part = BigInt(stretch.endsAtMs - stretch.startsAtMs);
  return ceil(rational(amount * part, BigInt(cycle.endsAtMs - cycle.startsAtMs)));
}
