import { offeredTerms } from '@tollwright/contracts';
import type { DbPlan, DbPlanVersion, DbSubscription } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';
import type { Told } from '../webhook/tell.ts';

export const subscriptionOutput = z.object({
  id: z.string(),
  customerId: z.string(),
  status: z.enum(['active', 'ended']),
  plan: z.object({ id: z.string(), key: z.string(), name: z.string() }),
  planVersionId: z.string(),
  version: z.int(),
  terms: offeredTerms,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});
export type SubscriptionOutput = z.output<typeof subscriptionOutput>;

/** What a subscription is read with. */
export const subscriptionInclusion = { planVersion: { include: { plan: true } } } as const;

type SubscriptionRow = DbSubscription & { planVersion: DbPlanVersion & { plan: DbPlan } };

export function toSubscription(row: SubscriptionRow): SubscriptionOutput {
  const { id, customerId, status, planVersionId, planVersion } = row;
  const { plan } = planVersion;
  return {
    id,
    customerId,
    status,
    plan: { id: plan.id, key: plan.key, name: plan.name },
    planVersionId,
    version: planVersion.version,
    terms: offeredTerms.parse(planVersion.terms),
    startedAt: toTimestamp(row.startedAt),
    endedAt: toTimestamp(row.endedAt),
  };
}

/** What webhooks hear of a subscription. */
export function subscriptionTold(
  type: 'subscription.started' | 'subscription.moved' | 'subscription.ended',
  { id: subscriptionId, customerId, livemode, planVersionId, planVersion }: SubscriptionRow,
  occurredAt: Date,
): Told {
  const data = { subscriptionId, planId: planVersion.planId, planVersionId };
  return { type, customerId, livemode, occurredAt, data };
}
