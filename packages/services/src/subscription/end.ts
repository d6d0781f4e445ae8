import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import {
  type SubscriptionOutput,
  subscriptionInclusion,
  subscriptionOutput,
  subscriptionTold,
  toSubscription,
} from './subscription.ts';

export const endSubscriptionInput = z.object({ providerId, customerId });
export const endSubscriptionOutput = subscriptionOutput;

/** Ends a customer's active subscription at once. Its keys stay, but no plan covers their calls. */
export async function endSubscription(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof endSubscriptionInput>,
): Promise<SubscriptionOutput> {
  const target = parse(endSubscriptionInput, input);
  const access = await authorize(ctx, actor, target, 'write');
  return change(ctx, access, async (step) => {
    const active = { providerId: target.providerId, customerId: target.customerId, status: 'active' as const };
    const current = await step.tx.subscription.findFirst({ where: active });
    if (!current) throw conflict('There is no active subscription.');
    const row = await step.tx.subscription.update({
      where: { id: current.id },
      data: { status: 'ended', endedAt: step.now },
      include: subscriptionInclusion,
    });
    await step.audit({ action: 'subscription.end', targetId: row.id });
    await step.publishCustomer(target.customerId);
    await step.tell(subscriptionTold('subscription.ended', row, step.now));
    return toSubscription(row);
  });
}
