import type { PaymentRecord } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { type DbRefund, type Tx, withTenant } from '@tollwright/db';
import { publishLater, sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { giveBackCredit, takenFor } from '../credit/take-back.ts';
import { resolveIncidents } from '../incident/open.ts';
import type { Transfer } from '../ledger/post.ts';
import { postTransfers } from '../ledger/post-transfers.ts';
import { clearingOf } from '../payment/payment-transfer.ts';
import { projectPayments } from '../payment/project.ts';
import { toldPayment } from '../payment/tell.ts';
import { type Told, tell } from '../webhook/tell.ts';
import type { DueRefund } from './due.ts';

type Context = ServiceContext;

/** How a refund ended. */
export type RefundEnd =
  | { readonly kind: 'refunded'; readonly transaction: string }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Writes down how a refund ended and posts what went back. When all of a payment is back, its claim says `refunded` first, then,
 * with the refund, its record: whoever is stopped in between finds the refund not ended, and does it again. Harmless when
 * repeated.
 */
export async function endRefund(ctx: Context, due: DueRefund, end: RefundEnd): Promise<void> {
  const { refundId, payment } = due;
  const tenant = { providerId: payment.providerId, customerId: '*' } as const;
  const isWhole = end.kind === 'refunded' && (await withTenant(ctx.db, tenant, (tx) => isTheRest(tx, due)));
  const refunded: PaymentRecord = { ...payment, state: 'refunded', version: payment.version + 1 };
  if (isWhole) await ctx.state.claims.move(payment.claimKey, payment, refunded);
  const sent: string[] = [];
  await withTenant(ctx.db, tenant, async (tx) => {
    const change =
      end.kind === 'refunded'
        ? { state: 'refunded', transactionHash: end.transaction }
        : { state: 'failed', failure: end.reason.slice(0, 500) };
    const data = { ...change, updatedAt: new Date(ctx.clock()) };
    const row = await tx.refund.update({ where: { id: refundId }, data });
    if (end.kind === 'failed') {
      const { providerId, topUp } = payment;
      if (topUp !== undefined && (await giveBackCredit(tx, ctx, row)))
        sent.push(await publishLater(tx, ctx, providerId, topUp.customerId));
      return;
    }
    await postTransfers(tx, ctx, [transferOfRefund(row, payment, await takenFor(tx, ctx, payment, row))]);
    if (isWhole) await closePayment(tx, ctx, refunded);
    sent.push(...(await tell(tx, ctx, row.providerId, [refundTold(row, payment)])));
  });
  await sendSoon(ctx, sent);
}

/** Whether nothing is left of the payment once this refund has ended. */
async function isTheRest(tx: Tx, { refundId, payment, amountAtomic }: DueRefund): Promise<boolean> {
  const where = { paymentId: payment.paymentId, state: 'refunded', id: { not: refundId } };
  const { _sum } = await tx.refund.aggregate({ where, _sum: { amountAtomic: true } });
  return BigInt(_sum.amountAtomic?.toFixed(0) ?? 0) + amountAtomic === BigInt(payment.amountAtomic);
}

/** The payment is over: nobody has to look after it any more. */
async function closePayment(tx: Tx, ctx: Context, refunded: PaymentRecord): Promise<void> {
  const { providerId, paymentId } = refunded;
  await projectPayments(tx, [refunded]);
  const open = await tx.incident.findMany({
    where: {
      ...{ providerId, kind: 'unanswered-payment', resolvedAt: null },
      detail: { path: ['paymentId'], equals: paymentId },
    },
    select: { id: true },
  });
  await resolveIncidents(
    tx,
    ctx,
    open.map(({ id }) => id),
  );
}

/** What webhooks hear of money that went back. */
function refundTold(row: DbRefund, payment: PaymentRecord): Told {
  return {
    ...{ type: 'payment.refunded', customerId: payment.customerId, livemode: row.livemode, occurredAt: row.updatedAt },
    data: { ...toldPayment(payment), refundId: row.id, amountNanoUsd: `${row.amountNanoUsd}` },
  };
}

/**
 * The token or the money has left the account that it came to. What the unit had added to the price goes back with the whole.
 * `taken` is the credit that goes with it.
 */
function transferOfRefund(row: DbRefund, payment: PaymentRecord, taken: bigint): Transfer {
  const isWhole = row.amountAtomic.toFixed(0) === payment.amountAtomic;
  const rounding = isWhole ? payment.roundingNanoUsd : nanoUsd(0n);
  const amount = nanoUsd(row.amountNanoUsd);
  return {
    providerId: row.providerId,
    customerId: null,
    reference: `refund:${row.id}`,
    kind: 'refund',
    livemode: row.livemode,
    occurredAt: row.updatedAt,
    lines: [
      { kind: clearingOf(payment), customerId: null, amountNanoUsd: nanoUsd(-amount) },
      { kind: 'credits', customerId: payment.topUp?.customerId ?? null, amountNanoUsd: nanoUsd(taken) },
      { kind: 'refunds', customerId: null, amountNanoUsd: nanoUsd(amount - rounding - taken) },
      { kind: 'rounding', customerId: null, amountNanoUsd: rounding },
    ],
  };
}
