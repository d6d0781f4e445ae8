import type { PaymentRecord } from '@tollwright/contracts';
import { type Tx, withTenant } from '@tollwright/db';
import { storeUsedApprovals } from '../approval/store-used.ts';
import { sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { storeTopUps } from '../credit/store-top-ups.ts';
import { storeUnanswered } from '../incident/store-unanswered.ts';
import { storeUntaxed } from '../incident/store-untaxed.ts';
import { postTransfers } from '../ledger/post-transfers.ts';
import { transferOfPayment } from './payment-transfer.ts';
import { projectPayments } from './project.ts';
import { tellFailed } from './tell.ts';

/**
 * Stores how a payment stands after the worker moved its claim, posts it once it settled, grants the credit that it bought, and opens an
 * incident where its call was not answered, or its tax was not calculated. Harmless when repeated.
 */
export async function recordPayment(ctx: ServiceContext, payment: PaymentRecord): Promise<void> {
  const sent = await withTenant(ctx.db, { providerId: payment.providerId, customerId: '*' }, (tx) =>
    storePayment(tx, ctx, payment),
  );
  await sendSoon(ctx, sent);
}

/** The same in the caller's transaction, whose tenant is the payment's provider. Answers the outbox rows. */
export async function storePayment(tx: Tx, ctx: ServiceContext, payment: PaymentRecord): Promise<string[]> {
  const moved = await projectPayments(tx, [payment]);
  const transfers = moved.map(transferOfPayment).filter((transfer) => transfer !== null);
  await postTransfers(tx, ctx, transfers);
  await storeUnanswered(
    tx,
    ctx,
    moved.filter(({ topUp }) => topUp === undefined).map(({ paymentId }) => paymentId),
  );
  await storeUntaxed(tx, ctx, moved);
  await tellFailed(tx, ctx, payment.providerId, moved);
  return [
    ...(await storeTopUps(tx, ctx, payment.providerId, moved)),
    ...(await storeUsedApprovals(tx, ctx, payment.providerId, moved)),
  ];
}
