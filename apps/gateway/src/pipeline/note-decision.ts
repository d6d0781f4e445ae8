import type { Principal } from '@tollwright/contracts';
import { PROBLEMS, type Problem } from '@tollwright/core';
import type { WorstCase } from '@tollwright/policies';
import type { Guard } from '../guard/guard.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import type { EventTail } from '../spool/record.ts';
import { traceOf } from '../trace/call-trace.ts';
import type { Granted } from './reserve.ts';
import { refuse, type Visit } from './visit.ts';

/** Whom and what a refusal was about; `principal` null is a key that was not accepted, or none. */
export interface RefusedSubject {
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly principal: Principal | null;
  readonly guard: Guard | null;
  /** The most that the call could have cost, where that was worked out. */
  readonly worst?: WorstCase | undefined;
}

/** Refuses a call, having traced why. */
export function refuseKeyed(
  visit: Visit,
  refused: { readonly problem: Problem; readonly subject: RefusedSubject; readonly headers?: readonly string[] },
): void {
  const { problem, subject, headers = [] } = refused;
  noteRefused(visit, problem, subject);
  refuse(visit, problem, { headers });
}

/** Counts and traces a refusal that is answered elsewhere. */
export function noteRefused(visit: Visit, problem: Problem, subject: RefusedSubject): void {
  const { api, principal, guard, worst } = subject;
  noteShadows(visit, api, guard);
  visit.gateway.metrics.called(api.snapshot.apiId, 'refused', PROBLEMS[problem.slug].status);
  visit.gateway.traces.offer({ apiId: api.snapshot.apiId, isKnown: principal !== null }, () =>
    traceOf(visit, {
      ...subject,
      ...{ asked: null, asks: [], granted: null, problem, end: null },
      worst: worst?.priced.rated ?? null,
    }),
  );
}

/**
 * Traces a granted call that has ended, if the sample takes it or a shadowed policy would have refused it. Its usage is
 * rated again, by the same function.
 */
export function traceGranted(visit: Visit, granted: Granted, tail: EventTail): void {
  const { traces, traceSample } = visit.gateway;
  const { call, windows, nodes, position } = granted;
  const { api, route, principal, guard, asked, tariff, worst } = call;
  const isShadowed = guard !== null && guard.shadowed.length > 0;
  if (!isShadowed && (traceSample === 0 || Math.random() >= traceSample)) return;
  traces.offer({ apiId: api.snapshot.apiId, isKnown: true }, () => {
    const used = tail.ratedNanoUsd === 0n ? null : tariff.price(tail.data, position).rated;
    return traceOf(visit, {
      ...{ api, route, principal, guard, asked, asks: call.nodes, granted: { windows, nodes }, problem: null },
      worst: worst.priced.rated,
      end: { status: tail.status, used, chargedNanoUsd: tail.chargedNanoUsd },
    });
  });
}

/** Adds to the counts of shadowed refusals. */
export function noteShadows({ gateway }: Visit, api: CompiledApi, guard: Guard | null): void {
  for (const { policy } of guard?.shadowed ?? []) {
    const name = `${api.snapshot.apiId} ${policy.name}`;
    gateway.shadowed.set(name, (gateway.shadowed.get(name) ?? 0) + 1);
  }
}
