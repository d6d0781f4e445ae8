import { type CallTrace, type Principal, TRACED_POLICIES_MAX } from '@tollwright/contracts';
import type { Rated } from '@tollwright/core';
import { PROBLEMS } from '@tollwright/core';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { type Decisions, policyTraces } from './policy-traces.ts';
import { priceTrace } from './price-trace.ts';

/** What a trace is made of. */
export interface Traced extends Omit<Decisions, 'isKnown' | 'isBounded' | 'budgets'> {
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  /** Null: no key was accepted. */
  readonly principal: Principal | null;
  /** The most that the call could have cost; null where that was not worked out. */
  readonly worst: Rated | null;
  /** How a granted call ended. */
  readonly end: { readonly status: number; readonly used: Rated | null; readonly chargedNanoUsd: bigint } | null;
}

/** Writes down why a call was answered as it was. */
export function traceOf(visit: Visit, traced: Traced): CallTrace {
  const { gateway, requestId, eventId, method, startedAtMs, startedMark } = visit;
  const { api, route, principal, problem, end, guard } = traced;
  const { apiId, providerId, livemode, version } = api.snapshot;
  return {
    ...{ schemaVersion: 1, eventId, requestId, livemode, providerId, apiId, snapshotVersion: version },
    customerId: principal?.customer.customerId ?? null,
    agentId: principal?.key.agentId ?? null,
    keyId: principal?.key.keyId ?? null,
    planVersionId: principal?.customer.planVersionId ?? null,
    ...{ routeId: route.route.id, method, pathTemplate: route.pathTemplate },
    outcome: problem === null ? 'granted' : 'refused',
    status: problem === null ? (end?.status ?? 0) : PROBLEMS[problem.slug].status,
    problem: problem?.slug ?? null,
    clientIp: guard?.refusedBy?.type === 'ip-filter' ? guard.call.clientIp : null,
    durationMs: Math.round((performance.now() - startedMark) * 1_000) / 1_000,
    policies: policyTraces({
      ...traced,
      isKnown: principal !== null,
      isBounded: traced.worst !== null,
      budgets: principal?.key.budgetNodes ?? [],
    }).slice(0, TRACED_POLICIES_MAX),
    worstCase: traced.worst === null ? null : priceTrace(traced.worst),
    used: end === null || end.used === null ? null : priceTrace(end.used),
    chargedNanoUsd: end === null ? null : end.chargedNanoUsd.toString(),
    gateway: gateway.name,
    occurredAt: new Date(startedAtMs).toISOString(),
  };
}
