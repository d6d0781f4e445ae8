import { formatUsd, nanoUsd } from '@tollwright/core';
import { type DbCreditLot, listProviders, type Tx, withTenant } from '@tollwright/db';
import { sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { mailOwners } from '../top-up/mail-owners.ts';
import { tell } from '../webhook/tell.ts';

/** So long before it expires owners are told of what a grant has left. */
export const EXPIRY_WARNING_MS = 7 * 86_400_000;

/**
 * Tells webhooks and owners of credit that expires soon, once for each grant; one that is given for less time is told at once.
 * Answers how many grants. For the worker's database role.
 */
export async function warnOfExpiry(ctx: ServiceContext): Promise<number> {
  let told = 0;
  for (const providerId of await listProviders(ctx.db)) {
    const sent: string[] = [];
    told += await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
      const lots = await markSoon(tx, ctx, providerId);
      for (const lot of lots) sent.push(...(await tellOf(tx, ctx, lot)));
      return lots.length;
    });
    await sendSoon(ctx, sent);
  }
  return told;
}

/** Two workers never mark the same: the second finds it marked. */
function markSoon(tx: Tx, ctx: ServiceContext, providerId: string): Promise<DbCreditLot[]> {
  const now = new Date(ctx.clock());
  return tx.creditLot.updateManyAndReturn({
    where: {
      ...{ providerId, leftNanoUsd: { gt: 0n }, toldAt: null },
      expiresAt: { gt: now, lte: new Date(now.getTime() + EXPIRY_WARNING_MS) },
    },
    data: { toldAt: now },
  });
}

async function tellOf(tx: Tx, ctx: ServiceContext, lot: DbCreditLot): Promise<string[]> {
  const { grantId, providerId, customerId, livemode, promotional, leftNanoUsd, expiresAt } = lot;
  const { agentId } = await tx.creditGrant.findUniqueOrThrow({ where: { id: grantId } });
  const at = (expiresAt ?? new Date(ctx.clock())).toISOString();
  const kind = promotional ? 'promotional' : 'paid';
  const data = { grantId, agentId, kind, expiresAt: at, amountNanoUsd: leftNanoUsd.toString() } as const;
  const occurredAt = new Date(ctx.clock());
  const sent = await tell(tx, ctx, providerId, [{ type: 'credit.expiring', customerId, livemode, occurredAt, data }]);
  if (!livemode) return sent;
  const left = `${formatUsd(nanoUsd(leftNanoUsd))} USD`;
  const mail = {
    subject: `${left} of credit expire on ${at.slice(0, 10)}`,
    text: `${left} of your ${kind} credit are left and expire on ${at.slice(0, 16).replace('T', ' ')} UTC. Calls use what expires first, unless the provider set another order.`,
  };
  return [...sent, ...(await mailOwners(tx, ctx, { providerId, customerId }, mail, 'credit'))];
}
