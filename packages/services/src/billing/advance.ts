import { type Cycle, cycleAt } from '@tollwright/core';
import {
  type DbCycleFee,
  type DbInvoice,
  type DbSubscription,
  listDueBilling,
  type Tx,
  withTenant,
} from '@tollwright/db';
import { sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { lowWatermark } from '../watermark/low-watermark.ts';
import { tell } from '../webhook/tell.ts';
import { neverBelowNothing, uninvoicedAdjustments } from './adjustments.ts';
import { type Billed, billingAnchor, LATE_CYCLES } from './cycle.ts';
import { postAdvanceFee, postArrears } from './fees.ts';
import { feeLines, issueInvoice } from './issue.ts';
import { invoiceTold } from './told.ts';
import { type DraftLine, uninvoicedUsage } from './usage-lines.ts';

/** What a round did. */
export interface BillingRound {
  readonly customers: number;
  readonly invoices: number;
}

/** Who subscribed before a cycle ended has been stored so long after it: no transaction is open for longer. */
const OPEN_CHANGES_MS = 30_000;

/**
 * Opens cycles that begin, closes those that ended before the low-watermark, and sends invoices for both. Harmless when repeated
 * or run twice at once. A customer whose billing fails is named and does not stop the others. For the worker's database role.
 */
export async function advanceBilling(ctx: ServiceContext): Promise<BillingRound> {
  const nowMs = ctx.clock() - OPEN_CHANGES_MS;
  const lowMs = (await lowWatermark(ctx))?.atMs ?? null;
  let invoices = 0;
  const due = await listDueBilling(ctx.db, new Date(nowMs), lowMs === null ? null : new Date(lowMs));
  for (const billed of due) {
    try {
      invoices += await advanceCustomer(ctx, billed, { nowMs, lowMs });
    } catch (error) {
      ctx.onError(`bill ${billed.customerId}`, error);
    }
  }
  return { customers: due.length, invoices };
}

/** `lowMs` null: nobody knows yet what is stored. */
export interface BillingTimes {
  readonly nowMs: number;
  readonly lowMs: number | null;
}

/** The round for one customer, in one transaction. Answers how many invoices were issued. */
export async function advanceCustomer(ctx: ServiceContext, billed: Billed, times: BillingTimes): Promise<number> {
  const { providerId, customerId } = billed;
  const sent: string[] = [];
  const issued = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    // Two workers, and a person who subscribes meanwhile, come one after the other.
    await tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
    const subscriptions = await tx.subscription.findMany({ where: { providerId, customerId } });
    await followCycles(tx, ctx, billed, subscriptions, times.nowMs);
    const invoices = [
      ...(await closeCycles(tx, ctx, billed, subscriptions, times)),
      ...(await issueFees(tx, ctx, billed, times.nowMs)),
    ];
    sent.push(
      ...(await tell(
        tx,
        ctx,
        providerId,
        invoices.map((invoice) => invoiceTold('invoice.issued', invoice)),
      )),
    );
    return invoices.length;
  });
  await sendSoon(ctx, sent);
  return issued;
}

/** Opens what follows each cycle that is over, with the fees that are due in advance. */
async function followCycles(
  tx: Tx,
  ctx: ServiceContext,
  billed: Billed,
  subscriptions: readonly DbSubscription[],
  nowMs: number,
): Promise<void> {
  const anchorMs = await billingAnchor(tx, billed);
  if (anchorMs === null) return;
  for (;;) {
    const over = await tx.billingCycle.findFirst({
      where: { ...billed, followedAt: null, endsAt: { lte: new Date(nowMs) } },
      orderBy: { startsAt: 'asc' },
    });
    if (over === null) return;
    const { startsAtMs, endsAtMs } = cycleAt('month', anchorMs, over.endsAt.getTime());
    const startsAt = new Date(startsAtMs);
    const running = subscriptions.filter(
      (one) => one.startedAt < startsAt && (one.endedAt === null || one.endedAt > startsAt),
    );
    // What comes late is on an invoice of a later cycle, so some follow though nobody is subscribed.
    const isFollowed = running.length > 0 || subscriptions.some(({ endedAt }) => isRecent(endedAt, startsAtMs));
    if (isFollowed) {
      const next = { ...billed, startsAt, endsAt: new Date(endsAtMs) };
      await tx.billingCycle.createMany({ data: [next], skipDuplicates: true });
      for (const subscription of running) await postAdvanceFee(tx, ctx, subscription, startsAt);
    }
    await tx.billingCycle.update({
      where: { customerId_startsAt: { customerId: billed.customerId, startsAt: over.startsAt } },
      data: { followedAt: new Date(nowMs) },
    });
  }
}

const MONTH_MS = 31 * 86_400_000;

function isRecent(endedAt: Date | null, atMs: number): boolean {
  return endedAt === null || endedAt.getTime() > atMs - LATE_CYCLES * MONTH_MS;
}

/** Closes the cycles whose every call is stored, oldest first. */
async function closeCycles(
  tx: Tx,
  ctx: ServiceContext,
  billed: Billed,
  subscriptions: readonly DbSubscription[],
  { nowMs, lowMs }: BillingTimes,
): Promise<DbInvoice[]> {
  if (lowMs === null) return [];
  const invoices: DbInvoice[] = [];
  const over = await tx.billingCycle.findMany({
    where: { ...billed, closedAt: null, endsAt: { lte: new Date(lowMs) } },
    orderBy: { startsAt: 'asc' },
  });
  for (const { startsAt, endsAt } of over) {
    const period = { startsAtMs: startsAt.getTime(), endsAtMs: endsAt.getTime() };
    await postArrears(tx, ctx, subscriptions, period);
    for (const livemode of [true, false]) {
      const fees = await openFees(tx, billed, livemode);
      const used = await usageThrough(tx, billed, livemode, period);
      const lines = neverBelowNothing([...feeLines(fees), ...used]);
      const invoice = await issueInvoice(tx, ctx, { ...billed, livemode, reason: 'cycle', period, lines, fees });
      if (invoice !== null) invoices.push(invoice);
    }
    await tx.billingCycle.update({
      where: { customerId_startsAt: { customerId: billed.customerId, startsAt } },
      data: { closedAt: new Date(nowMs) },
    });
  }
  return invoices;
}

/** What was used in a cycle and what its close adds, and in the ones before it what came late. */
export async function usageThrough(tx: Tx, billed: Billed, livemode: boolean, cycle: Cycle): Promise<DraftLine[]> {
  const anchorMs = (await billingAnchor(tx, billed)) ?? cycle.startsAtMs;
  const cycles = [cycle];
  for (let back = 0; back < LATE_CYCLES; back++) {
    const earliest = cycles[0] as Cycle;
    if (earliest.startsAtMs <= anchorMs) break;
    cycles.unshift(cycleAt('month', anchorMs, earliest.startsAtMs - 1));
  }
  const lines: DraftLine[] = [];
  for (const one of cycles) {
    lines.push(...(await uninvoicedUsage(tx, billed, livemode, one)));
    lines.push(...(await uninvoicedAdjustments(tx, billed, livemode, one)));
  }
  return lines;
}

/** Fees that are due at once: of a subscription that began or a dearer plan. Those of a new cycle wait for the close of the last. */
async function issueFees(tx: Tx, ctx: ServiceContext, billed: Billed, nowMs: number): Promise<DbInvoice[]> {
  const unclosed = { ...billed, closedAt: null, endsAt: { lte: new Date(nowMs) } };
  if ((await tx.billingCycle.count({ where: unclosed })) > 0) return [];
  const invoices: DbInvoice[] = [];
  for (const livemode of [true, false]) {
    const fees = await openFees(tx, billed, livemode);
    const starts = fees.map(({ startsAt }) => startsAt.getTime());
    const ends = fees.map(({ endsAt }) => endsAt.getTime());
    const period = { startsAtMs: Math.min(...starts), endsAtMs: Math.max(...ends) };
    const draft = { ...billed, livemode, reason: 'fee' as const, period, lines: feeLines(fees), fees };
    const invoice = fees.length === 0 ? null : await issueInvoice(tx, ctx, draft);
    if (invoice !== null) invoices.push(invoice);
  }
  return invoices;
}

/** Posted, and on no invoice. */
export function openFees(tx: Tx, billed: Billed, livemode: boolean): Promise<DbCycleFee[]> {
  return tx.cycleFee.findMany({ where: { ...billed, livemode, invoiceId: null }, orderBy: { startsAt: 'asc' } });
}
