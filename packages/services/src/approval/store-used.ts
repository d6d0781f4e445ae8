import type { PaymentRecord } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { publishLater, type Queueing } from '../change.ts';
import { isPaid } from '../payment/payment-transfer.ts';

/**
 * Notes approvals of once that have paid, and has their customers published: gateways then say before a payment that the next one
 * needs another. Answers the outbox rows. The provider is the transaction's.
 */
export async function storeUsedApprovals(
  tx: Tx,
  means: Queueing,
  providerId: string,
  payments: readonly PaymentRecord[],
): Promise<string[]> {
  const ids = payments.flatMap(({ approvalId, state }) => (approvalId !== null && isPaid(state) ? [approvalId] : []));
  if (ids.length === 0) return [];
  const where = { providerId, id: { in: ids }, state: 'once' };
  const used = await tx.paymentApproval.findMany({ where, select: { customerId: true } });
  await tx.paymentApproval.updateMany({ where, data: { state: 'used' } });
  const sent: string[] = [];
  for (const customerId of [...new Set(used.map((row) => row.customerId))].sort()) {
    sent.push(await publishLater(tx, means, providerId, customerId));
  }
  return sent;
}
