import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type SubscriptionOutput, subscriptionInclusion, subscriptionOutput, toSubscription } from './subscription.ts';

export const listSubscriptionsInput = z.object({
  providerId,
  customerId: customerId.optional().meta({ description: 'One customer; every customer for the provider unless given' }),
  ...pageInput,
});
export const listSubscriptionsOutput = pageOf(subscriptionOutput);

/** Subscriptions, active and ended, newest first. */
export async function listSubscriptions(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listSubscriptionsInput>,
): Promise<Page<SubscriptionOutput>> {
  const wanted = parse(listSubscriptionsInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'desc');
  const ofCustomer = wanted.customerId === undefined ? {} : { customerId: wanted.customerId };
  const where = { providerId: wanted.providerId, id: after, ...ofCustomer };
  const rows = await read(ctx, access, (tx) =>
    tx.subscription.findMany({ where, include: subscriptionInclusion, orderBy, take }),
  );
  return toPage(rows, wanted.limit, toSubscription);
}
