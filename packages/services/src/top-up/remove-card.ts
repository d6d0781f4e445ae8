import { forgetCards } from '@tollwright/stripe';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { accountOfCard, clientOf } from './stripe-of.ts';
import { creditCardOutput, toCreditCard, topUpLivemode } from './top-up.ts';

export const removeCardInput = z.object({ providerId, customerId, livemode: topUpLivemode });
export const removeCardOutput = creditCardOutput;

/** Removes the saved card, here and at Stripe. Nothing is topped up until another one is saved. */
export async function removeCard(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof removeCardInput>,
): Promise<z.output<typeof removeCardOutput>> {
  const { providerId, customerId, livemode = true } = parse(removeCardInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'write');
  const { card, account, customer } = await change(ctx, access, async (step) => {
    const ofCustomer = { providerId, customerId, livemode, removedAt: null };
    const row = await step.tx.creditCard.findFirst({ where: { ...ofCustomer, savedAt: { not: null } } });
    const shown = row === null ? null : toCreditCard(row);
    if (row === null || shown === null) throw notFound();
    // Pages that are open too: a card that somebody removed does not come back.
    await step.tx.creditCard.updateMany({ where: ofCustomer, data: { removedAt: step.now } });
    await step.audit({ action: 'top-up.remove-card', targetId: row.id, before: shown });
    return { card: shown, account: await accountOfCard(step.tx, row), customer: row.stripeCustomer };
  });
  if (account !== null) {
    // It is charged no more, whatever Stripe says now.
    await forgetCards(clientOf(ctx, account), customer).catch((error) => ctx.onError('forget a card', error));
  }
  return card;
}
