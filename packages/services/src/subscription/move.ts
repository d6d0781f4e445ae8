import type { DbSubscription, Tx } from '@tollwright/db';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { openCycle } from '../billing/cycle.ts';
import { postAdvanceFee, postArrears } from '../billing/fees.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { conflict } from '../refusals.ts';
import { wholeProvider } from '../whole-provider.ts';
import { chooseVersion, isNewest } from './choose-version.ts';
import { subscribeInput } from './subscribe.ts';
import {
  type SubscriptionOutput,
  subscriptionInclusion,
  subscriptionOutput,
  subscriptionTold,
  toSubscription,
} from './subscription.ts';

export const moveSubscriptionInput = subscribeInput;
export const moveSubscriptionOutput = subscriptionOutput;

/** Moves a customer's active subscription to another version. What was used in the period stays used. */
export async function moveSubscription(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof moveSubscriptionInput>,
): Promise<SubscriptionOutput> {
  const wanted = parse(moveSubscriptionInput, input);
  const { providerId, customerId } = wanted;
  const access = wholeProvider(await authorize(ctx, actor, wanted, 'write'));
  return change(ctx, access, async (step) => {
    await step.tx
      .$queryRaw`SELECT id FROM subscription WHERE customer_id = ${customerId} AND status = 'active' FOR UPDATE`;
    const current = await step.tx.subscription.findFirst({ where: { providerId, customerId, status: 'active' } });
    if (!current) throw conflict('There is no active subscription: subscribe first.');
    const version = await chooseVersion(step.tx, access, customerId, wanted);
    await settleVersion(step.tx, ctx, current, step.now);
    const row = await step.tx.subscription.update({
      where: { id: current.id },
      data: { planVersionId: version.id, movedAt: step.now },
      include: subscriptionInclusion,
    });
    await postAdvanceFee(step.tx, ctx, row, step.now);
    const before = { planVersionId: current.planVersionId };
    await step.audit({ action: 'subscription.move', targetId: row.id, before, after: { planVersionId: version.id } });
    if (!(await isNewest(step.tx, version))) await step.publishAllApis();
    await step.publishCustomer(customerId);
    await step.tell(subscriptionTold('subscription.moved', row, step.now));
    return toSubscription(row);
  });
}

/** Notes how long a subscription was on the version that it leaves, and posts its fees in arrears for every cycle that is not closed. */
async function settleVersion(tx: Tx, ctx: ServiceContext, subscription: DbSubscription, at: Date): Promise<void> {
  const { providerId, customerId } = subscription;
  await openCycle(tx, { providerId, customerId }, at.getTime());
  const { id: subscriptionId, planVersionId, livemode, movedAt, startedAt } = subscription;
  const startsAt = movedAt ?? startedAt;
  const stay = { providerId, customerId, subscriptionId, planVersionId, livemode, startsAt, endsAt: at };
  if (startsAt < at) await tx.planStay.create({ data: stay });
  const cycles = await tx.billingCycle.findMany({ where: { providerId, customerId, closedAt: null } });
  for (const { startsAt, endsAt } of cycles) {
    const cycle = { startsAtMs: startsAt.getTime(), endsAtMs: endsAt.getTime() };
    await postArrears(tx, ctx, [{ ...subscription, endedAt: at }], cycle);
  }
}
