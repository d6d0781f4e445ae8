import type { PaymentRecord } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import { isPaid } from '../payment/payment-transfer.ts';
import type { UntaxedDetail } from './incident.ts';
import { openIncidents } from './open.ts';

/** Stores an incident for each of these payments that was settled without its tax, once for a payment. */
export async function storeUntaxed(tx: Tx, means: PostingMeans, payments: readonly PaymentRecord[]): Promise<void> {
  const incidents = payments.flatMap(({ paymentId, providerId, state, tax, transaction, priceNanoUsd, livemode }) => {
    if (!isPaid(state) || tax?.kind !== 'missing') return [];
    const detail: UntaxedDetail = { paymentId, transaction, priceNanoUsd: `${priceNanoUsd}`, reason: tax.reason };
    return [{ providerId, customerId: null, kind: 'untaxed-payment', detail, livemode }];
  });
  await openIncidents(tx, means, incidents);
}
