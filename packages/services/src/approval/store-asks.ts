import type { ApprovalAsk } from '@tollwright/contracts';
import { formatUsd, makeId, nanoUsd } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { enqueue, type Queueing } from '../change.ts';
import { tell } from '../webhook/tell.ts';
import { approvalTold, DECIDED_MS } from './approval.ts';

/** Where links in mails lead. */
export type AskMeans = Queueing & { readonly publicUrls: { readonly portalUrl: string } };

/**
 * Stores what agents ask their owners to approve, and writes to the owners: once for an agent and a route while it is not decided, and
 * not for a day after it was refused. Answers the outbox rows. The provider is the transaction's.
 */
export async function storeAsks(tx: Tx, means: AskMeans, asks: readonly ApprovalAsk[]): Promise<string[]> {
  const sent: string[] = [];
  for (const ask of asks) if (await isNew(tx, means, ask)) sent.push(...(await writeToOwners(tx, means, ask)));
  return sent;
}

async function isNew(tx: Tx, means: Queueing, ask: ApprovalAsk): Promise<boolean> {
  const { providerId, customerId, agentId, apiId, routeId, livemode, priceNanoUsd } = ask;
  const about = { providerId, customerId, agentId, routeId, livemode };
  const agents = await tx.agent.count({ where: { providerId, customerId, id: agentId } });
  const refusedSince = new Date(means.clock() - DECIDED_MS);
  const refused = await tx.paymentApproval.count({
    where: { ...about, state: 'refused', decidedAt: { gt: refusedSince } },
  });
  if (agents === 0 || refused > 0) return false;
  const askedAt = new Date(ask.occurredAt);
  const row = {
    id: makeId('approval', means.clock(), means.random(10)),
    ...{ ...about, apiId, priceNanoUsd, askedAt },
  };
  const { count } = await tx.paymentApproval.createMany({ data: [row], skipDuplicates: true });
  if (count === 1) {
    await tell(tx, means, providerId, [approvalTold('approval.asked', { ...row, state: 'asked' }, askedAt)]);
    return true;
  }
  // A dearer call asks for more than the one before it.
  await tx.paymentApproval.updateMany({
    where: { ...about, state: 'asked', priceNanoUsd: { lt: priceNanoUsd } },
    data: { priceNanoUsd },
  });
  return false;
}

async function writeToOwners(tx: Tx, means: AskMeans, ask: ApprovalAsk): Promise<string[]> {
  const { providerId, customerId, agentId, routeId, priceNanoUsd } = ask;
  const owners = await tx.membership.findMany({
    where: { providerId, customerId, role: 'owner' },
    include: { user: { select: { email: true } } },
    orderBy: { id: 'asc' },
  });
  const agent = await tx.agent.findFirst({ where: { providerId, id: agentId }, select: { name: true } });
  const route = await tx.route.findFirst({ where: { providerId, id: routeId } });
  const provider = await tx.provider.findFirst({ where: { id: providerId }, select: { name: true, slug: true } });
  const name = agent?.name ?? agentId;
  const price = formatUsd(nanoUsd(priceNanoUsd));
  const what = route === null ? routeId : `${route.method} ${route.pathTemplate}`;
  const link = `${means.publicUrls.portalUrl}/p/${provider?.slug ?? ''}/${customerId}/approvals`;
  const sent: string[] = [];
  for (const { user } of owners) {
    const text = `Your agent ${name} wants to pay ${price} USD for ${what} at ${provider?.name ?? ''}. It may once an owner approves:\n\n${link}\n`;
    const mail = { kind: 'mail', to: user.email, subject: `${name} asks to pay ${price} USD`, text } as const;
    sent.push(await enqueue(means, tx, providerId, mail));
  }
  return sent;
}
