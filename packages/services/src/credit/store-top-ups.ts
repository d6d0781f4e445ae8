import type { PaymentRecord } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { publishLater, type Queueing } from '../change.ts';
import { isPaid } from '../payment/payment-transfer.ts';
import { openLot } from './lots.ts';

/**
 * Grants what settled payments bought, each once however often it is stored, and has the customers published. Answers the outbox
 * rows. The provider is the transaction's.
 */
export async function storeTopUps(
  tx: Tx,
  means: Queueing,
  providerId: string,
  payments: readonly PaymentRecord[],
): Promise<string[]> {
  const granted = new Set<string>();
  for (const payment of payments) {
    if (isPaid(payment.state) && (await grantPayment(tx, means, payment))) granted.add(payment.topUp?.customerId ?? '');
  }
  const sent: string[] = [];
  for (const customerId of [...granted].sort()) sent.push(await publishLater(tx, means, providerId, customerId));
  return sent;
}

/** False: it buys nothing, or its credit is there already. */
async function grantPayment(tx: Tx, means: Queueing, payment: PaymentRecord): Promise<boolean> {
  const { topUp, paymentId, providerId, livemode, priceNanoUsd, rail } = payment;
  if (topUp === undefined) return false;
  const { customerId, agentId, creditNanoUsd: amountNanoUsd } = topUp;
  const grant = {
    id: makeId('creditGrant', means.clock(), means.random(10)),
    ...{ providerId, customerId, agentId, livemode, amountNanoUsd, createdAt: new Date(means.clock()) },
  };
  const { count } = await tx.creditGrant.createMany({
    data: [{ ...grant, source: 'payment', paidNanoUsd: priceNanoUsd, paymentId, grantedBy: rail }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await openLot(tx, grant);
  return true;
}
