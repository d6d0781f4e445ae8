import {
  type DbCreditCard,
  type DbStripeAccount,
  type DbTopUpCharge,
  type DbTopUpRule,
  listProvidersWithTopUps,
  type Tx,
  withTenant,
} from '@tollwright/db';
import type { StripeClient } from '@tollwright/stripe';
import type { ServiceContext } from '../context.ts';
import { accountOfCard, clientOf } from './stripe-of.ts';

/** Pages of Stripe end after a day. */
const PAGE_MS = 25 * 3_600_000;
/** Looked at in one round of one provider; the next round goes on. */
const WORK_MAX = 200;

/** What there is to do for balances that are topped up. */
export interface TopUpWork {
  /** Rules whose balance may be too low since `checkAt`. */
  readonly rules: readonly DbTopUpRule[];
  /** Charges that have not ended, oldest first. */
  readonly charges: readonly OpenCharge[];
  /** Pages for cards that nobody came back from yet. */
  readonly pages: readonly DbCreditCard[];
}

/** A charge that has not ended, with its card; `client` is null where its account was removed. */
export interface OpenCharge {
  readonly charge: DbTopUpCharge;
  readonly card: DbCreditCard;
  readonly client: StripeClient | null;
}

/** Everything that the worker has to look at, of all providers. */
export async function topUpWork(ctx: ServiceContext): Promise<TopUpWork> {
  const now = new Date(ctx.clock());
  const openedSince = new Date(ctx.clock() - PAGE_MS);
  const work = { rules: [] as DbTopUpRule[], charges: [] as OpenCharge[], pages: [] as DbCreditCard[] };
  for (const providerId of await listProvidersWithTopUps(ctx.db, now, openedSince)) {
    await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
      const due = { providerId, pausedBy: null, checkAt: { lte: now } };
      work.rules.push(...(await tx.topUpRule.findMany({ where: due, orderBy: { checkAt: 'asc' }, take: WORK_MAX })));
      work.charges.push(...(await openChargesOf(tx, ctx, providerId)));
      const open = { providerId, savedAt: null, removedAt: null, createdAt: { gte: openedSince } };
      work.pages.push(...(await tx.creditCard.findMany({ where: open, orderBy: { id: 'asc' }, take: WORK_MAX })));
    });
  }
  return work;
}

async function openChargesOf(tx: Tx, ctx: ServiceContext, providerId: string): Promise<OpenCharge[]> {
  const where = { providerId, state: 'intended' };
  const rows = await tx.topUpCharge.findMany({
    where,
    orderBy: { id: 'asc' },
    take: WORK_MAX,
    include: { card: true },
  });
  const accounts = new Map<string, DbStripeAccount | null>();
  const open: OpenCharge[] = [];
  for (const { card, ...charge } of rows) {
    const key = `${card.networkId} ${card.livemode}`;
    if (!accounts.has(key)) accounts.set(key, await accountOfCard(tx, card));
    const account = accounts.get(key) ?? null;
    open.push({ charge, card, client: account === null ? null : clientOf(ctx, account) });
  }
  return open;
}

/** What a rule has charged in a month, with what is under way. */
export async function chargedIn(tx: Tx, ruleId: string, month: string): Promise<bigint> {
  const where = { ruleId, month, state: { in: ['intended', 'settled'] } };
  const { _sum } = await tx.topUpCharge.aggregate({ where, _sum: { priceNanoUsd: true } });
  return _sum.priceNanoUsd ?? 0n;
}

/** Notes that Stripe is asked from now on: whoever goes on looks there before. */
export async function noteAsked(ctx: ServiceContext, { id, providerId }: DbTopUpCharge): Promise<void> {
  await withTenant(ctx.db, { providerId, customerId: '*' }, (tx) =>
    tx.topUpCharge.updateMany({ where: { id, askedAt: null }, data: { askedAt: new Date(ctx.clock()) } }),
  );
}
