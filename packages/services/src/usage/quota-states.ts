import { period as quotaPeriod } from '@tollwright/contracts';
import { periodAt } from '@tollwright/core';
import { fromDbPlanTerms, type Tx } from '@tollwright/db';
import type { GrantedNode } from '@tollwright/state';
import { z } from 'zod';

const wholeText = z.string().meta({ description: 'A whole number as text' });

export const quotaState = z.object({
  featureKey: z.string(),
  /** What the provider calls the feature. */
  name: z.string(),
  period: quotaPeriod,
  limit: wholeText,
  /** Used in the running period, in units of the feature. */
  used: wholeText,
  /** Reserved by running calls, which may release it. */
  held: wholeText,
  /** Null for a quota that never starts again. */
  endsAt: z.string().nullable(),
});

/** The quotas of a customer's active plan, as its counters stand. None without a plan. */
export async function quotaStates(
  tx: Tx,
  customerId: string,
  nodes: readonly GrantedNode[],
  nowMs: number,
): Promise<z.output<typeof quotaState>[]> {
  const active = await tx.subscription.findFirst({
    where: { customerId, status: 'active' },
    include: { planVersion: true },
  });
  if (!active) return [];
  const { quotas } = fromDbPlanTerms(active.planVersion.terms);
  const features = await tx.feature.findMany({
    where: { providerId: active.providerId, key: { in: quotas.map(({ featureKey }) => featureKey) } },
    select: { key: true, name: true },
  });
  return quotas.map(({ featureKey, period, limit }) => {
    const node = nodes.find((one) => one.node === `quota:${customerId}:${featureKey}` && one.period === period);
    const { endsAtMs } = periodAt(period, nowMs);
    return {
      featureKey,
      name: features.find(({ key }) => key === featureKey)?.name ?? featureKey,
      period,
      limit: limit.toString(),
      used: (node?.spent ?? 0n).toString(),
      held: (node?.held ?? 0n).toString(),
      endsAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
    };
  });
}
