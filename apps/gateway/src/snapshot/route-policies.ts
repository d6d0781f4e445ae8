import type { ApiSnapshot, SnapshotPlan, SnapshotRoute } from '@tollwright/contracts';
import { checkPolicies, createPolicies, type PolicySet } from '@tollwright/policies';

/** The policies of one route, made ready by plan when first asked for. */
export interface RoutePolicies {
  /** `planVersionId` null is a stranger. Null: no policy has a say. */
  of(planVersionId: string | null): PolicySet | null;
}

/**
 * Checks the policies of an API and of every plan once, and those of each route as it is asked for. They are compiled as
 * calls come: schemas of thousands of routes are not built for plans that nobody uses. Throws when a list is not valid.
 * Null: there are none on that route.
 */
export function policiesByRoute(snapshot: ApiSnapshot): (route: SnapshotRoute) => RoutePolicies | null {
  const plans = snapshot.plans.filter(({ terms }) => terms.policies.length > 0);
  assertValid('api', snapshot.policies);
  for (const { terms } of plans) assertValid('plan', terms.policies);
  const byId = new Map(snapshot.plans.map((plan) => [plan.planVersionId, plan]));
  const isQuiet = snapshot.policies.length + plans.length === 0;
  return (route) => {
    if (isQuiet && route.policies.length === 0) return null;
    assertValid('route', route.policies);
    return compiledByPlan(snapshot, route, byId);
  };
}

function compiledByPlan(
  snapshot: ApiSnapshot,
  route: SnapshotRoute,
  plans: ReadonlyMap<string, SnapshotPlan>,
): RoutePolicies {
  const ready = new Map<string | null, PolicySet | null>();
  return {
    of(planVersionId) {
      let set = ready.get(planVersionId);
      if (set === undefined) {
        const plan = planVersionId === null ? null : (plans.get(planVersionId) ?? null);
        set = createPolicies(layersOf(snapshot, route, plan), { apiId: snapshot.apiId, route, plan });
        ready.set(planVersionId, set);
      }
      return set;
    },
  };
}

function layersOf(snapshot: ApiSnapshot, route: SnapshotRoute, plan: SnapshotPlan | null) {
  return { api: snapshot.policies, route: route.policies, plan: plan?.terms.policies ?? [] };
}

function assertValid(level: 'api' | 'route' | 'plan', policies: SnapshotRoute['policies']): void {
  const checked = checkPolicies(level, policies);
  if (checked.kind === 'valid') return;
  const [first] = checked.errors;
  throw new RangeError(`a policy of the ${level} is not valid: ${first?.path}: ${first?.message}`);
}
