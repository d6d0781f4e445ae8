import type { LimitNode, Period, Problem } from '@tollwright/core';

/** One call asked of a fixed window of `windowSeconds`. */
export interface WindowTake {
  readonly window: string;
  readonly limit: number;
  readonly windowSeconds: number;
}

/** A worst-case amount asked of a quota or budget node. Non-negative, at most 9*10^15. */
export interface NodeAsk extends LimitNode {
  readonly amount: bigint;
}

/** What a policy wants done. Only the pipeline does it: every effect of a call goes to the store in one reserve. */
export type Effect =
  | { readonly kind: 'take-window'; readonly take: WindowTake }
  | { readonly kind: 'hold'; readonly ask: NodeAsk };

/** The verdict on a request. `refused` ends the call before anything is held or forwarded. */
export type Decision =
  | { readonly kind: 'allowed'; readonly effects: readonly Effect[] }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** A window as the store knows it after a take. `remaining` is 0 when the take was refused. */
export interface WindowState {
  readonly window: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAtMs: number;
}

/** A node as the store knows it. `endsAtMs` is null for a period that never ends. */
export interface NodeState {
  readonly node: string;
  readonly period: Period;
  readonly periodId: string;
  readonly endsAtMs: number | null;
  readonly limit: bigint;
  readonly spent: bigint;
  readonly held: bigint;
}

/** Why the store refused a node: `exhausted` stays so until the period ends, `held` may be released by running calls. */
export interface NodeRefusal {
  readonly kind: 'exhausted' | 'held';
  readonly node: NodeState;
}

/** What one node is charged in the end, in the period in which the call reserved. `amount` <= what was held. */
export interface NodeCharge {
  readonly node: string;
  readonly periodId: string;
  readonly amount: bigint;
}

const NOTHING: readonly Effect[] = [];

/** The decision of a policy that has no say in this call. */
export const ALLOWED: Decision = { kind: 'allowed', effects: NOTHING };

/** Seconds from now until a moment, at least 1: what `Retry-After` says. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((atMs - nowMs) / 1000));
}

const LOOK_AGAIN_SECONDS = 3_600;

/**
 * When to come back after a node refused: in a second while running calls may release what they hold, else when the
 * period ends; a period that never ends may be raised by people, so in an hour.
 */
export function retryAfterSeconds(kind: NodeRefusal['kind'], endsAtMs: number | null, nowMs: number): number {
  if (kind === 'held') return 1;
  return endsAtMs === null ? LOOK_AGAIN_SECONDS : secondsUntil(endsAtMs, nowMs);
}
