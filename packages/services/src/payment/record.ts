import type { PaymentRecord } from '@tollwright/contracts';
import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { storeUnanswered } from '../incident/store-unanswered.ts';
import { postTransfers } from '../ledger/post-transfers.ts';
import { transferOfPayment } from './payment-transfer.ts';
import { projectPayments } from './project.ts';

/**
 * Stores how a payment stands after the worker moved its claim, posts it once it settled, and opens an incident where its call
 * was not answered. Harmless when repeated.
 */
export async function recordPayment(
  ctx: Pick<ServiceContext, 'db' | 'clock' | 'random'>,
  payment: PaymentRecord,
): Promise<void> {
  await withTenant(ctx.db, { providerId: payment.providerId, customerId: '*' }, async (tx) => {
    const moved = await projectPayments(tx, [payment]);
    const transfers = moved.map(transferOfPayment).filter((transfer) => transfer !== null);
    await postTransfers(tx, ctx, transfers);
    await storeUnanswered(
      tx,
      ctx,
      moved.map(({ paymentId }) => paymentId),
    );
  });
}
