import { type PaymentRecord, railFeesOf } from '@tollwright/contracts';
import { feeOf, formatUsd, makeId, nanoUsd, ZERO_USD } from '@tollwright/core';
import { type DbCreditCard, type DbTopUpCharge, fromDbRailFees, type Tx, toDbJson, withTenant } from '@tollwright/db';
import { sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { storePayment } from '../payment/record.ts';
import { type Told, tell } from '../webhook/tell.ts';
import { mailOwners } from './mail-owners.ts';

/** How a charge ended, for certain. */
export type ChargeEnd =
  | { readonly kind: 'settled'; readonly transaction: string }
  | { readonly kind: 'failed'; readonly reason: string };

const CENT = 10_000_000n;

/**
 * Ends a charge. A settled one is stored as the payment that it is, which grants its credit as every other top-up. A failed one pauses its
 * rule, and its owners are written to: nothing is tried again until they say so. One transaction, and harmless when repeated.
 */
export async function endTopUp(
  ctx: ServiceContext,
  charge: DbTopUpCharge,
  card: DbCreditCard,
  end: ChargeEnd,
): Promise<void> {
  const { id, providerId } = charge;
  const sent = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    const now = new Date(ctx.clock());
    const { count } = await tx.topUpCharge.updateMany({
      where: { id, state: 'intended' },
      data: {
        ...{ state: end.kind, endedAt: now },
        ...(end.kind === 'settled' ? { transaction: end.transaction } : { reason: end.reason.slice(0, 200) }),
      },
    });
    if (count === 0) return [];
    await tell(tx, ctx, providerId, [chargeTold(charge, end, now)]);
    return end.kind === 'settled'
      ? settle(tx, ctx, charge, card, end.transaction, now)
      : fail(tx, ctx, charge, end.reason, now);
  });
  await sendSoon(ctx, sent);
}

/** What webhooks hear of a charge. */
function chargeTold(charge: DbTopUpCharge, end: ChargeEnd, occurredAt: Date): Told {
  const { id: chargeId, paymentId, agentId, customerId, livemode, priceNanoUsd } = charge;
  const reason = end.kind === 'failed' ? end.reason : null;
  const data = { chargeId, paymentId, agentId, priceNanoUsd: `${priceNanoUsd}`, reason };
  return { type: `top_up.${end.kind}`, customerId, livemode, occurredAt, data };
}

async function settle(
  tx: Tx,
  ctx: ServiceContext,
  charge: DbTopUpCharge,
  card: DbCreditCard,
  transaction: string,
  now: Date,
): Promise<string[]> {
  // One top-up may not be enough.
  await tx.topUpRule.update({ where: { id: charge.ruleId }, data: { checkAt: now } });
  const provider = await tx.provider.findUniqueOrThrow({ where: { id: charge.providerId } });
  const { stripe: fee } = railFeesOf(fromDbRailFees(provider.railFees));
  const feeNanoUsd = feeOf(fee, nanoUsd(charge.priceNanoUsd));
  return storePayment(tx, ctx, { ...paymentOf(charge, card, transaction, now), feeNanoUsd });
}

async function fail(tx: Tx, ctx: ServiceContext, charge: DbTopUpCharge, reason: string, now: Date): Promise<string[]> {
  const { id, ruleId, providerId, customerId, priceNanoUsd } = charge;
  await tx.topUpRule.updateMany({
    where: { id: ruleId, pausedBy: null },
    data: { pausedBy: 'failure', pausedReason: reason.slice(0, 200), updatedAt: now },
  });
  await tx.auditEntry.create({
    data: {
      id: makeId('audit', ctx.clock(), ctx.random(10)),
      ...{ providerId, customerId, actor: 'tollwright', action: 'top-up.fail', targetId: id, createdAt: now },
      after: toDbJson({ ruleId, reason }),
    },
  });
  return mailOwners(tx, ctx, charge, {
    subject: 'Your card was not charged, and top-ups are paused',
    text: `${formatUsd(nanoUsd(priceNanoUsd))} USD could not be charged (${reason}). Nothing was taken. Save another card, or go on with this one.`,
  });
}

/** The payment that a charge was: for credit, at no API, and by no key. */
function paymentOf(charge: DbTopUpCharge, { networkId }: DbCreditCard, transaction: string, now: Date): PaymentRecord {
  const { id, paymentId, providerId, customerId, agentId, livemode, createdAt } = charge;
  return {
    ...{ paymentId, version: 1, state: 'settled', rail: 'stripe', scheme: 'charge', settles: 'before' },
    ...{
      protocolVersion: 1,
      claimKey: `stripe:${id}`,
      livemode,
      providerId,
      apiId: '',
      routeId: 'top-up',
      requestId: id,
    },
    ...{ network: 'stripe', asset: 'usd', payer: '', payTo: networkId, nonce: id },
    amountAtomic: (charge.priceNanoUsd / CENT).toString(),
    priceNanoUsd: nanoUsd(charge.priceNanoUsd),
    ...{ roundingNanoUsd: ZERO_USD, feeNanoUsd: ZERO_USD, transaction, reason: null, details: {} },
    validBefore: now.toISOString(),
    topUp: { customerId, agentId, creditNanoUsd: nanoUsd(charge.creditNanoUsd) },
    ...{ customerId, agentId, keyId: null, approvalId: null, verifiedAt: null, settledAt: now.toISOString() },
    occurredAt: createdAt.toISOString(),
  };
}
