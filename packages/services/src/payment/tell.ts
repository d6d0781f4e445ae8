import type { PaymentRecord } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import { tell } from '../webhook/tell.ts';

/** Has webhooks told of payments that moved to where they failed. The provider is the transaction's. */
export async function tellFailed(
  tx: Tx,
  means: PostingMeans,
  providerId: string,
  moved: readonly PaymentRecord[],
): Promise<void> {
  const failed = moved.filter(({ state }) => state === 'failed');
  const occurredAt = new Date(means.clock());
  await tell(
    tx,
    means,
    providerId,
    failed.map((payment) => ({
      ...{ type: 'payment.failed', livemode: payment.livemode, occurredAt },
      customerId: payment.topUp?.customerId ?? payment.customerId,
      data: toldPayment(payment),
    })),
  );
}

/** A payment as webhooks tell it. */
export function toldPayment(payment: PaymentRecord) {
  const { paymentId, rail, network, payer, priceNanoUsd, transaction, reason, agentId, keyId } = payment;
  return { paymentId, rail, network, payer, priceNanoUsd: `${priceNanoUsd}`, transaction, reason, agentId, keyId };
}
