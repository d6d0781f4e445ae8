import { makeId } from '@tollwright/core';
import { openCardSetup } from '@tollwright/stripe';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change, read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import { accountNow, clientOf } from './stripe-of.ts';
import { requireCustomers, topUpLivemode } from './top-up.ts';

export const beginCardInput = z.object({ providerId, customerId, livemode: topUpLivemode });
export const beginCardOutput = z.object({
  url: z.string().meta({ description: 'A page of Stripe; it ends in a day' }),
});

/** Opens a page of Stripe on which a customer saves a card with its provider's account, for charges while nobody is there. */
export async function beginCard(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof beginCardInput>,
): Promise<z.output<typeof beginCardOutput>> {
  const { providerId, customerId, livemode = true } = parse(beginCardInput, input);
  const access = await authorize(ctx, actor, { providerId, customerId }, 'write');
  requireCustomers(access, actor);
  const { account, provider, customer, known } = await read(ctx, access, async (tx) => ({
    account: await accountNow(tx, providerId, livemode),
    provider: await tx.provider.findUniqueOrThrow({ where: { id: providerId } }),
    customer: await tx.customer.findFirstOrThrow({ where: { providerId, id: customerId } }),
    known: await tx.creditCard.findMany({ where: { providerId, customerId, livemode }, orderBy: { id: 'desc' } }),
  }));
  if (account === null) throw conflict('This provider takes no cards.');
  const { networkId } = account;
  const id = makeId('creditCard', ctx.clock(), ctx.random(10));
  const billing = `${ctx.publicUrls.portalUrl}/p/${provider.slug}/${customerId}/billing`;
  const {
    session,
    customer: stripeCustomer,
    url,
  } = await openCardSetup(clientOf(ctx, account), {
    customer: known.find((card) => card.networkId === networkId)?.stripeCustomer ?? null,
    ...{ name: customer.name, successUrl: `${billing}?card={CHECKOUT_SESSION_ID}`, cancelUrl: billing },
    metadata: { tollwright_customer: customerId, tollwright_card: id },
    idempotencyKey: `card_${id}`,
  });
  await change(ctx, access, async (step) => {
    const row = { id, providerId, customerId, livemode, networkId, checkoutSession: session, stripeCustomer };
    await step.tx.creditCard.create({ data: { ...row, createdAt: step.now } });
    await step.audit({ action: 'top-up.begin-card', targetId: id, after: { livemode } });
  });
  return { url };
}
