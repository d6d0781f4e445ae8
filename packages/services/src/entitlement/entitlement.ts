import { fromDbPlanTerms, type Tx } from '@tollwright/db';
import { featuresOf } from '@tollwright/policies';
import type { GrantedNode } from '@tollwright/state';
import { z } from 'zod';
import { quotaState, quotaStates } from '../usage/quota-states.ts';

export const entitlementOutput = z.object({
  featureKey: z.string(),
  /** Metered: the plan has quotas of it. Boolean: the plan grants it, or does not. */
  kind: z.enum(['metered', 'boolean']),
  /** Whether a call may use the feature now. What running calls hold counts as used. */
  hasAccess: z.boolean(),
  reason: z.enum(['granted', 'no-plan', 'not-in-plan', 'used-up']),
  /** Every quota that limits it, as the counters stand: those that the gateway asks. */
  quotas: z.array(quotaState.extend({ remaining: z.string() })),
});
export type Entitlement = z.output<typeof entitlementOutput>;

/** What a customer's active plan grants, by feature. `nodes` are the customer's counters. */
export interface Grants {
  /** What the customer may do with a feature, whether or not the plan names it. */
  of(featureKey: string): Entitlement;
  readonly featureKeys: readonly string[];
}

/** Reads what a customer is entitled to at a moment. */
export async function grantsOf(
  tx: Tx,
  customerId: string,
  nodes: readonly GrantedNode[],
  nowMs: number,
): Promise<Grants> {
  const where = { customerId, status: 'active' as const };
  const active = await tx.subscription.findFirst({ where, include: { planVersion: true } });
  if (!active) return { featureKeys: [], of: (featureKey) => entitlement(featureKey, 'no-plan', []) };
  const featureKeys = [...featuresOf(fromDbPlanTerms(active.planVersion.terms))];
  const states = await quotaStates(tx, customerId, nodes, nowMs);
  const of = (featureKey: string) => {
    if (!featureKeys.includes(featureKey)) return entitlement(featureKey, 'not-in-plan', []);
    const quotas = states.filter((state) => state.featureKey === featureKey).map(withRest);
    const isUsedUp = quotas.some(({ remaining }) => remaining === '0');
    return entitlement(featureKey, isUsedUp ? 'used-up' : 'granted', quotas);
  };
  return { featureKeys, of };
}

function entitlement(featureKey: string, reason: Entitlement['reason'], quotas: Entitlement['quotas']): Entitlement {
  const kind = quotas.length > 0 ? 'metered' : 'boolean';
  return { featureKey, kind, hasAccess: reason === 'granted', reason, quotas };
}

function withRest(state: z.output<typeof quotaState>): Entitlement['quotas'][number] {
  const rest = BigInt(state.limit) - BigInt(state.used) - BigInt(state.held);
  return { ...state, remaining: (rest > 0n ? rest : 0n).toString() };
}
