import type { Principal } from '@tollwright/contracts';
import { PROBLEMS, type Problem } from '@tollwright/core';
import type { Guard } from '../guard/guard.ts';
import { trace } from '../guard/trace.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import type { Granted } from './reserve.ts';
import { refuse, type Visit } from './visit.ts';

/** Whom and what a refusal was about; `principal` null is a key that was not accepted. */
export interface RefusedSubject {
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly principal: Principal | null;
  readonly guard: Guard | null;
}

/** Refuses a call, having traced why. */
export function refuseKeyed(
  visit: Visit,
  refused: { readonly problem: Problem; readonly subject: RefusedSubject; readonly headers?: readonly string[] },
): void {
  const { problem, subject, headers = [] } = refused;
  const { api, route, principal, guard } = subject;
  noteShadows(visit, api, guard);
  visit.gateway.metrics.called(api.snapshot.apiId, 'refused', PROBLEMS[problem.slug].status);
  trace(
    visit,
    () => ({
      ...{ apiId: api.snapshot.apiId, routeId: route.route.id, keyId: principal?.key.keyId ?? null },
      ...{ guard, asked: null, asks: [], granted: null, problem },
    }),
    true,
  );
  refuse(visit, problem, { headers });
}

/** Counts what shadowed policies would have refused, and traces the call if the sample takes it. */
export function noteGranted(visit: Visit, granted: Granted): void {
  const { api, route, principal, guard, asked, nodes } = granted.call;
  noteShadows(visit, api, guard);
  trace(
    visit,
    () => ({
      ...{ apiId: api.snapshot.apiId, routeId: route.route.id, keyId: principal.key.keyId },
      ...{ guard, asked, asks: nodes, granted, problem: null },
    }),
    false,
  );
}

/** Adds to the counts of shadowed refusals. */
export function noteShadows({ gateway }: Visit, api: CompiledApi, guard: Guard | null): void {
  for (const { policy } of guard?.shadowed ?? []) {
    const name = `${api.snapshot.apiId} ${policy.name}`;
    gateway.shadowed.set(name, (gateway.shadowed.get(name) ?? 0) + 1);
  }
}
