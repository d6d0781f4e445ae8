import { type PaymentRecord, paymentRecord, type TopUp } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import type { DbPayment, DbRefund, Tx } from '@tollwright/db';
import type { OverdrawnDetail } from '../incident/incident.ts';
import { openIncidents } from '../incident/open.ts';
import type { PostingMeans } from '../ledger/post.ts';
import { openLot, takeFromLots } from './lots.ts';
import { sumOf, takeableOf, takeUpTo } from './takeable.ts';

/** The part of a payment that goes back. */
type Part = Pick<DbRefund, 'id' | 'providerId' | 'amountAtomic' | 'livemode' | 'reason' | 'requestedBy'>;

/** The credit that a part of its payment had bought: whole for the whole, and rounded up. */
function shareOf(
  { creditNanoUsd }: TopUp,
  payment: Pick<PaymentRecord, 'amountAtomic'>,
  { amountAtomic }: Part,
): bigint {
  const whole = BigInt(payment.amountAtomic);
  return (creditNanoUsd * BigInt(amountAtomic.toFixed(0)) + whole - 1n) / whole;
}

/**
 * Takes credit out of its balance before the money that paid for it is sent back, so that it is not spent meanwhile: of the payment's
 * own grant first, then of others that were paid for. Never takes what calls have drawn or hold: `drawn` is that, as far as it is known.
 */
export async function takeBackCredit(
  tx: Tx,
  means: PostingMeans,
  payment: DbPayment,
  refund: Part,
  drawnNanoUsd: bigint,
): Promise<void> {
  const { topUp, livemode } = paymentRecord.parse(payment.body);
  if (topUp === undefined) return;
  const { providerId } = payment;
  const { customerId, agentId } = topUp;
  await tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
  const owner = { customerId, agentId, livemode };
  const own = await tx.creditGrant.findFirst({ where: { providerId, paymentId: payment.id, source: 'payment' } });
  const takeable = await takeableOf(tx, providerId, owner, drawnNanoUsd);
  const paid = takeable.filter(({ promotional }) => !promotional);
  const first = paid.filter(({ id }) => id === own?.id);
  const parts = takeUpTo(shareOf(topUp, payment, refund), [...first, ...paid.filter(({ id }) => id !== own?.id)]);
  const taken = sumOf(parts);
  if (taken <= 0n) return;
  await takeFromLots(tx, parts);
  await tx.creditGrant.create({
    data: {
      id: makeId('creditGrant', means.clock(), means.random(10)),
      ...{ providerId, ...owner, source: 'refund', amountNanoUsd: -taken },
      ...{ paymentId: payment.id, refundId: refund.id, reason: refund.reason, grantedBy: refund.requestedBy },
      createdAt: new Date(means.clock()),
    },
  });
}

/** Gives credit back whose refund failed. Answers whether there was any. */
export async function giveBackCredit(tx: Tx, means: PostingMeans, refund: Part): Promise<boolean> {
  const taken = await tx.creditGrant.findFirst({ where: { refundId: refund.id, source: 'refund' } });
  if (taken === null) return false;
  const { providerId, customerId, agentId, livemode, paymentId, amountNanoUsd } = taken;
  const grant = {
    id: makeId('creditGrant', means.clock(), means.random(10)),
    ...{ providerId, customerId, agentId, livemode, amountNanoUsd: -amountNanoUsd, createdAt: new Date(means.clock()) },
  };
  const { count } = await tx.creditGrant.createMany({
    data: [{ ...grant, paymentId, refundId: refund.id, source: 'refund-failed', grantedBy: 'tollwright' }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await openLot(tx, grant);
  return true;
}

/** The credit that was taken back for a refund. What calls had drawn before is missing: it was paid back and used. */
export async function takenFor(tx: Tx, means: PostingMeans, payment: PaymentRecord, refund: Part): Promise<bigint> {
  const { topUp, paymentId } = payment;
  if (topUp === undefined) return 0n;
  const row = await tx.creditGrant.findFirst({ where: { refundId: refund.id, source: 'refund' } });
  const taken = -(row?.amountNanoUsd ?? 0n);
  const missing = shareOf(topUp, payment, refund) - taken;
  if (missing > 0n) {
    const detail: OverdrawnDetail = { paymentId, refundId: refund.id, missingNanoUsd: missing.toString() };
    const { providerId, livemode } = refund;
    const { customerId } = topUp;
    await openIncidents(tx, means, [{ providerId, customerId, kind: 'overdrawn-credit', detail, livemode }]);
  }
  return taken;
}
