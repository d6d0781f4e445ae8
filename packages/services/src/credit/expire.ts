import { makeId, nanoUsd } from '@tollwright/core';
import { listProviders, type Tx, withTenant } from '@tollwright/db';
import { publishLater, sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { type PostingLine, postTransfer } from '../ledger/post.ts';
import { tell } from '../webhook/tell.ts';
import { surelyLeft } from './burn.ts';
import { type Lot, lockBalances, type NodeOwner, takeFromLots } from './lots.ts';
import { pendingOf, storedDraws } from './pending.ts';

export interface ExpiredCredit {
  /** Grants of which something was taken out. */
  readonly grants: number;
  /** Balances that were left for a later round: nobody can tell what their calls hold. */
  readonly waiting: number;
}

/**
 * Takes what is left of grants that have expired out of their balances, but what calls hold or have drawn and are not stored yet: the
 * next round takes what of that was given back. Harmless when repeated, when run twice at once, and when stopped anywhere: the row,
 * the posting and the publication are one transaction. For the worker's database role.
 */
export async function expireCredit(ctx: ServiceContext): Promise<ExpiredCredit> {
  const counts = { grants: 0, waiting: 0 };
  if ((await ctx.state.epochs.current()).kind !== 'open') return counts;
  for (const providerId of await listProviders(ctx.db)) {
    for (const owner of await expiredBalances(ctx, providerId)) {
      try {
        const grants = await expireOf(ctx, providerId, owner);
        if (grants === null) counts.waiting += 1;
        else counts.grants += grants;
      } catch (error) {
        ctx.onError(`expire credit of ${owner.customerId}`, error);
      }
    }
  }
  return counts;
}

function expiredBalances(ctx: ServiceContext, providerId: string): Promise<NodeOwner[]> {
  const now = new Date(ctx.clock());
  return withTenant(ctx.db, { providerId, customerId: '*' }, (tx) =>
    tx.creditLot.findMany({
      where: { providerId, leftNanoUsd: { gt: 0n }, expiresAt: { lte: now } },
      distinct: ['node'],
      orderBy: { node: 'asc' },
      select: { node: true, customerId: true, livemode: true },
    }),
  );
}

/** Null: the store has counted less than is stored. It was lost, and is not restored yet. */
async function expireOf(ctx: ServiceContext, providerId: string, owner: NodeOwner): Promise<number | null> {
  const { customerId, node } = owner;
  const sent: string[] = [];
  const expired = await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    // A balance that falls may have to be topped up. Rules come before customers, as where calls are stored.
    await tx.topUpRule.updateMany({
      where: { providerId, customerId, pausedBy: null, checkAt: null },
      data: { checkAt: new Date(ctx.clock()) },
    });
    await tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
    const balance = (await lockBalances(tx, providerId, [owner])).get(node);
    const stored = (await storedDraws(tx, providerId, customerId)).get(node) ?? 0n;
    // While the balance is locked no draw of it is stored, so that what is pending is not older than what is stored.
    const counters = await ctx.state.counters.read(`c:${customerId}`);
    const counter = counters.find((one) => one.node === node);
    if (balance === undefined || (counter?.spent ?? 0n) + (counter?.held ?? 0n) < stored) return null;
    const left = surelyLeft(balance.overdrawnNanoUsd + pendingOf(counter, stored), balance.lots);
    const due = left.filter(({ expiresAtMs, leftNanoUsd }) => {
      return expiresAtMs !== null && expiresAtMs <= ctx.clock() && leftNanoUsd > 0n;
    });
    for (const lot of due) sent.push(...(await takeOut(tx, ctx, providerId, lot)));
    if (due.length > 0) sent.push(await publishLater(tx, ctx, providerId, customerId));
    return due.length;
  });
  await sendSoon(ctx, sent);
  return expired;
}

/** Answers the outbox rows. */
async function takeOut(tx: Tx, ctx: ServiceContext, providerId: string, lot: Lot): Promise<string[]> {
  const grant = await tx.creditGrant.findUniqueOrThrow({ where: { id: lot.id } });
  const { customerId, agentId, livemode, promotional, priority } = grant;
  const occurredAt = new Date(ctx.clock());
  const amount = lot.leftNanoUsd;
  await takeFromLots(tx, [{ id: lot.id, amountNanoUsd: amount }]);
  const row = await tx.creditGrant.create({
    data: {
      id: makeId('creditGrant', ctx.clock(), ctx.random(10)),
      ...{ providerId, customerId, agentId, livemode, promotional, priority, source: 'expired' },
      ...{ amountNanoUsd: -amount, expiredGrantId: lot.id, reason: grant.reason, grantedBy: 'tollwright' },
      createdAt: occurredAt,
    },
  });
  const lines: PostingLine[] = [
    { kind: promotional ? 'promotional' : 'credits', customerId, amountNanoUsd: amount },
    { kind: promotional ? 'grants' : 'breakage', customerId: null, amountNanoUsd: nanoUsd(-amount) },
  ];
  await postTransfer(tx, ctx, {
    ...{ providerId, customerId, reference: `credit:${row.id}`, kind: 'credit-expired', livemode, occurredAt, lines },
  });
  const kind = promotional ? 'promotional' : 'paid';
  const expiresAt = (grant.expiresAt ?? occurredAt).toISOString();
  const data = { grantId: grant.id, agentId, kind, expiresAt, amountNanoUsd: amount.toString() } as const;
  return tell(tx, ctx, providerId, [{ type: 'credit.expired', customerId, livemode, occurredAt, data }]);
}
