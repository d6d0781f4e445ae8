import { type ApiSnapshot, REQUEST_EVENT_TYPE, type SnapshotRoute } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import { createTariff, type Tariff } from '@tollwright/policies';

/** What strangers pay where a call's use sets its price: by `tariff`, and at most `ceilingNanoUsd`. */
export interface StrangerCeiling {
  readonly ceilingNanoUsd: NanoUsd;
  readonly tariff: Tariff;
}

/**
 * Compiles the ceilings of an API's routes. Strangers have a plan's rate cards and its output cap, and nothing else of it:
 * quotas and rate limits count for accounts. Null: the route has none, or names a plan that the snapshot does not hold.
 */
export function ceilingsOf(snapshot: ApiSnapshot): (route: SnapshotRoute) => StrangerCeiling | null {
  const tariffs = new Map<string, Tariff>();
  return ({ strangerCeiling }) => {
    if (strangerCeiling === undefined) return null;
    const { ceilingNanoUsd, planVersionId } = strangerCeiling;
    const tariff = tariffs.get(planVersionId) ?? tariffOf(snapshot, planVersionId);
    if (tariff === null) return null;
    tariffs.set(planVersionId, tariff);
    return { ceilingNanoUsd, tariff };
  };
}

function tariffOf({ plans, meters }: ApiSnapshot, planVersionId: string): Tariff | null {
  const plan = plans.find((candidate) => candidate.planVersionId === planVersionId);
  if (plan === undefined) return null;
  const terms = { ...plan.terms, quotas: [], rateLimit: null, policies: [] };
  return createTariff({ planVersionId, terms }, meters, REQUEST_EVENT_TYPE);
}
