import type { PaymentRecord } from '@tollwright/contracts';
import { makeId } from '@tollwright/core';
import { type Tx, toDbJson } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import { isPaid } from '../payment/payment-transfer.ts';
import type { UntaxedDetail } from './incident.ts';

/** Stores an incident for each of these payments that was settled without its tax, once for a payment. */
export async function storeUntaxed(tx: Tx, means: PostingMeans, payments: readonly PaymentRecord[]): Promise<void> {
  const data = payments.flatMap(({ paymentId, providerId, state, tax, transaction, priceNanoUsd }) => {
    if (!isPaid(state) || tax?.kind !== 'missing') return [];
    const detail: UntaxedDetail = { paymentId, transaction, priceNanoUsd: `${priceNanoUsd}`, reason: tax.reason };
    return [
      {
        id: makeId('incident', means.clock(), means.random(10)),
        ...{ providerId, customerId: null, kind: 'untaxed-payment', detail: toDbJson(detail) },
        occurredAt: new Date(means.clock()),
      },
    ];
  });
  if (data.length > 0) await tx.incident.createMany({ data, skipDuplicates: true });
}
