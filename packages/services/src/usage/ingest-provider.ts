import type { PaymentRecord, UsageEvent } from '@tollwright/contracts';
import { fromDbMeter, type Tx } from '@tollwright/db';
import { storeUnanswered } from '../incident/store-unanswered.ts';
import type { PostingMeans } from '../ledger/post.ts';
import { postTransfers } from '../ledger/post-transfers.ts';
import { storeNotices } from '../notice/store.ts';
import { transferOfPayment } from '../payment/payment-transfer.ts';
import { projectPayments } from '../payment/project.ts';
import { toUsageEventRow } from './event-row.ts';
import { transferOfEvent } from './event-transfer.ts';
import { addToRollups } from './rollup.ts';
import { storeEvents } from './store-events.ts';

/** What one provider's items of a batch became. `duplicates` had been stored before. */
export interface IngestedCounts {
  readonly events: number;
  readonly duplicates: number;
  readonly payments: number;
  readonly transfers: number;
}

/**
 * Stores one provider's items in the caller's transaction, whose tenant must be that provider: events, roll-ups,
 * notices and postings of those that were new, payments that moved, incidents of those whose call was cut. Answers null when there is no such provider.
 */
export async function ingestProvider(
  tx: Tx,
  means: PostingMeans,
  providerId: string,
  items: { readonly events: readonly UsageEvent[]; readonly payments: readonly PaymentRecord[] },
): Promise<IngestedCounts | null> {
  const provider = await tx.provider.findFirst({ where: { id: providerId }, select: { id: true } });
  if (provider === null) return null;
  const meters = await tx.meter.findMany({ where: { providerId, archivedAt: null }, orderBy: { slug: 'asc' } });
  const measured = meters.map(fromDbMeter);
  const added = await storeEvents(
    tx,
    items.events.map((event) => toUsageEventRow(event, measured)),
  );
  await addToRollups(tx, { kind: 'rows', rows: added });
  await storeNotices(tx, means, added);
  const moved = await projectPayments(tx, items.payments);
  const cut = added.flatMap(({ body }) => (body.decision === 'interrupted' ? (body.paymentId ?? []) : []));
  await storeUnanswered(tx, means, cut);
  const transfers = added.map((row) => transferOfEvent(row.body)).concat(moved.map(transferOfPayment));
  return {
    events: added.length,
    duplicates: items.events.length - added.length,
    payments: moved.length,
    transfers: await postTransfers(
      tx,
      means,
      transfers.filter((transfer) => transfer !== null),
    ),
  };
}
