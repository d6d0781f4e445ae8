import type { ServerResponse } from 'node:http';
import type { Problem } from '@tollwright/core';
import type { LeanRequest } from '../http/lean-request.ts';
import { writeProblem } from '../http/write-problem.ts';
import type { CallSpan } from '../tracing/tracing.ts';
import type { Gateway } from './gateway.ts';

/** One request with its answer, from the moment it arrived. */
export interface Visit {
  readonly gateway: Gateway;
  readonly request: LeanRequest;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** (spool id, call number): the id of its usage event, if it is forwarded. */
  readonly eventId: string;
  readonly method: string;
  /** Canonical path, and the query with its question mark. */
  readonly path: string;
  readonly query: string;
  readonly startedAtMs: number;
  /** The call's span; null where none are made. */
  readonly span: CallSpan | null;
  /** On the monotonic clock, for durations. */
  readonly startedMark: number;
}

/** Ends a visit with a problem. `headers` is a flat list that joins the answer. */
export function refuse(
  visit: Visit,
  problem: Problem,
  extra: { readonly headers?: readonly string[]; readonly members?: Readonly<Record<string, unknown>> } = {},
): void {
  const { gateway, response, requestId, path } = visit;
  gateway.metrics.problem(problem.slug);
  writeProblem(response, problem, { portalUrl: gateway.portalUrl, instance: path, requestId, ...extra });
}

/** Nothing was decided because a store is away. */
export const STATE_AWAY: Problem = {
  slug: 'state-unavailable',
  detail: 'The store that decides about this call does not answer.',
  retryAfterSeconds: 1,
};
