import type { ApprovalAsk, PaymentRecord, PaymentTally, UsageEvent } from '@tollwright/contracts';
import { fromDbMeter, type Tx } from '@tollwright/db';
import { type AskMeans, storeAsks } from '../approval/store-asks.ts';
import { storeUsedApprovals } from '../approval/store-used.ts';
import { drawCredit } from '../credit/draw-credit.ts';
import { storeTopUps } from '../credit/store-top-ups.ts';
import { resolveAnswered, storeUnanswered } from '../incident/store-unanswered.ts';
import { storeUntaxed } from '../incident/store-untaxed.ts';
import { postTransfers } from '../ledger/post-transfers.ts';
import { costsInForce } from '../margin/costs-in-force.ts';
import { storeNotices } from '../notice/store.ts';
import { transferOfPayment } from '../payment/payment-transfer.ts';
import { projectPayments } from '../payment/project.ts';
import { addTallies } from '../payment/tally.ts';
import { tellFailed } from '../payment/tell.ts';
import { markDrawn } from '../top-up/mark-drawn.ts';
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

/** Its counts, and the outbox rows of customers that changed and of mails to owners. */
export interface IngestedProvider extends IngestedCounts {
  readonly sent: readonly string[];
}

/**
 * Stores one provider's items in the caller's transaction, whose tenant must be that provider: events, roll-ups,
 * notices and postings of those that were new, counts of payments, payments that moved, incidents of those whose call was cut. Answers null when there is no such provider.
 */
export async function ingestProvider(
  tx: Tx,
  means: AskMeans,
  providerId: string,
  items: {
    readonly events: readonly UsageEvent[];
    readonly payments: readonly PaymentRecord[];
    readonly tallies: readonly PaymentTally[];
    readonly asks: readonly ApprovalAsk[];
  },
): Promise<IngestedProvider | null> {
  const provider = await tx.provider.findFirst({ where: { id: providerId }, select: { id: true } });
  if (provider === null) return null;
  const meters = await tx.meter.findMany({ where: { providerId, archivedAt: null }, orderBy: { slug: 'asc' } });
  const measured = meters.map(fromDbMeter);
  const costOf = await costsInForce(tx, items.events);
  const added = await storeEvents(
    tx,
    items.events.map((event) => toUsageEventRow(event, measured, costOf(event))),
  );
  await addToRollups(tx, { kind: 'rows', rows: added });
  await storeNotices(tx, means, added);
  await markDrawn(tx, means, providerId, added);
  await addTallies(tx, items.tallies);
  const moved = await projectPayments(tx, items.payments);
  const cut = added.flatMap(({ body }) => (body.decision === 'interrupted' ? (body.paymentId ?? []) : []));
  await storeUnanswered(tx, means, cut);
  const answered = added.flatMap(({ body }) => (isAnswered(body) ? (body.paymentId ?? []) : []));
  await resolveAnswered(tx, means, providerId, answered);
  await storeUntaxed(tx, means, moved);
  await tellFailed(tx, means, providerId, moved);
  const sent = [
    ...(await storeTopUps(tx, means, providerId, moved)),
    ...(await storeUsedApprovals(tx, means, providerId, moved)),
    ...(await storeAsks(tx, means, items.asks)),
  ];
  const bodies = added.map(({ body }) => body);
  // Last of all that locks: balances come after customers.
  const promotional = await drawCredit(tx, providerId, bodies);
  const transfers = [
    ...bodies.map((body) => transferOfEvent(body, promotional.get(body.eventId))),
    ...moved.map(transferOfPayment),
  ];
  return {
    events: added.length,
    duplicates: items.events.length - added.length,
    payments: moved.length,
    sent,
    transfers: await postTransfers(
      tx,
      means,
      transfers.filter((transfer) => transfer !== null),
    ),
  };
}

function isAnswered({ decision, status }: UsageEvent): boolean {
  return decision === 'forwarded' && status >= 200 && status <= 299;
}
