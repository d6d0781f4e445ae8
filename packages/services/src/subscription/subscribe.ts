import { isUniqueViolation } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { postAdvanceFee } from '../billing/fees.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import { wholeProvider } from '../whole-provider.ts';
import { chooseVersion, isNewest } from './choose-version.ts';
import {
  type SubscriptionOutput,
  subscriptionInclusion,
  subscriptionOutput,
  subscriptionTold,
  toSubscription,
} from './subscription.ts';

export const subscribeInput = z.object({
  providerId,
  customerId,
  planId: idText.optional().meta({ description: 'The plan, in its newest published version' }),
  planVersionId: idText.optional().meta({ description: 'One published version; for the provider' }),
});
export const subscribeOutput = subscriptionOutput;

/** Subscribes a customer. It stays on this version until it is moved. The month's flat fee is posted at once. */
export async function subscribe(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof subscribeInput>,
): Promise<SubscriptionOutput> {
  const wanted = parse(subscribeInput, input);
  const { providerId, customerId } = wanted;
  const access = wholeProvider(await authorize(ctx, actor, wanted, 'write'));
  try {
    return await change(ctx, access, async (step) => {
      const version = await chooseVersion(step.tx, access, customerId, wanted);
      const customer = await step.tx.customer.findUniqueOrThrow({ where: { id: customerId } });
      const row = await step.tx.subscription.create({
        data: {
          id: step.id('subscription'),
          providerId,
          customerId,
          planVersionId: version.id,
          livemode: customer.livemode,
          startedAt: step.now,
        },
        include: subscriptionInclusion,
      });
      await postAdvanceFee(step.tx, ctx, row, step.now);
      await step.audit({ action: 'subscription.start', targetId: row.id, after: { planVersionId: version.id } });
      if (!(await isNewest(step.tx, version))) await step.publishAllApis();
      await step.publishCustomer(customerId);
      await step.tell(subscriptionTold('subscription.started', row, step.now));
      return toSubscription(row);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('There is an active subscription: move it instead.');
    throw error;
  }
}
