import type { DbCreditCard, Tx } from '@tollwright/db';
import { type CardSetup, forgetCard, readCardSetup } from '@tollwright/stripe';
import { z } from 'zod';
import { type Actor, SYSTEM } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change, read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, notFound } from '../refusals.ts';
import { accountOfCard, clientOf } from './stripe-of.ts';
import { creditCardOutput, requireCustomers, toCreditCard } from './top-up.ts';

export const saveCardInput = z.object({
  providerId,
  customerId,
  session: z.string().min(1).max(200).meta({ description: 'What the page of Stripe came back with' }),
});
export const saveCardOutput = creditCardOutput;

/** Takes what a page of Stripe saved as the customer's card, instead of the one before. Throws `conflict` while it is open. */
export async function saveCard(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof saveCardInput>,
): Promise<z.output<typeof saveCardOutput>> {
  const { providerId, customerId, session } = parse(saveCardInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'write');
  requireCustomers(access, actor);
  const where = { providerId, customerId, checkoutSession: session };
  const row = await read(ctx, access, (tx) => tx.creditCard.findFirst({ where }));
  if (row === null) throw notFound();
  const saved = await storeCard(ctx, actor, row);
  if (saved === null) throw conflict('The page of Stripe was not finished. Open it again.');
  return saved;
}

/** Asks Stripe what became of a page, and stores the card. Null: there is none, so far. Harmless when repeated. */
export async function storeCard(ctx: ServiceContext, actor: Actor, row: DbCreditCard) {
  if (row.removedAt !== null) return null;
  const known = toCreditCard(row);
  if (known !== null) return known;
  const { providerId, customerId } = row;
  const access = await authorize(ctx, actor, { providerId, customerId }, 'write');
  const account = await read(ctx, access, (tx) => accountOfCard(tx, row));
  if (account === null) return null;
  const client = clientOf(ctx, account);
  const setup = await readCardSetup(client, row.checkoutSession);
  if (setup.kind !== 'saved') return null;
  const { card, before } = await change(ctx, access, async (step) => {
    const before = await replaceCard(step.tx, row, setup, step.now);
    const stored = await step.tx.creditCard.findUniqueOrThrow({ where: { id: row.id } });
    const card = toCreditCard(stored);
    if (before !== null) await step.audit({ action: 'top-up.save-card', targetId: row.id, after: card });
    return { card, before: before ?? [] };
  });
  for (const method of before) await forgetCard(client, method).catch((error) => ctx.onError('forget a card', error));
  return card;
}

/** Stores it for pages that nobody came back from: the worker's half. Answers whether there was a card. */
export async function storeCardOfPage(ctx: ServiceContext, row: DbCreditCard): Promise<boolean> {
  return (await storeCard(ctx, SYSTEM, row)) !== null;
}

/**
 * One card at a time. What a failure has paused goes on with the new one. Answers the payment methods that it replaces; null: somebody
 * else has stored it.
 */
async function replaceCard(
  tx: Tx,
  { id, providerId, customerId, livemode }: DbCreditCard,
  { paymentMethod, card, customer }: Extract<CardSetup, { kind: 'saved' }>,
  now: Date,
): Promise<string[] | null> {
  await tx.$queryRaw`SELECT 1 FROM customer WHERE id = ${customerId} FOR UPDATE`;
  const { savedAt, removedAt } = await tx.creditCard.findUniqueOrThrow({ where: { id } });
  if (savedAt !== null || removedAt !== null) return null;
  const ofCustomer = { providerId, customerId, livemode };
  const standing = { ...ofCustomer, savedAt: { not: null }, removedAt: null };
  const before = await tx.creditCard.findMany({ where: standing, select: { paymentMethod: true } });
  await tx.creditCard.updateMany({ where: standing, data: { removedAt: now } });
  await tx.creditCard.update({
    where: { id },
    data: { ...card, paymentMethod, stripeCustomer: customer, savedAt: now },
  });
  await tx.topUpRule.updateMany({
    where: { ...ofCustomer, OR: [{ pausedBy: null }, { pausedBy: 'failure' }] },
    data: { pausedBy: null, pausedReason: null, checkAt: now, updatedAt: now },
  });
  return before.flatMap((each) => each.paymentMethod ?? []);
}
