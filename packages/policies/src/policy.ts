import type { Notice } from '@tollwright/contracts';
import type { LimitNode, Period, Problem } from '@tollwright/core';
import type { Priced } from './tariff.ts';

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

/**
 * One call asked of a limit that each gateway process keeps by itself. `limit` is what all processes may admit together;
 * a process admits its share of it. `burst` is what a full bucket holds, for all processes together.
 */
export interface ShareTake {
  readonly key: string;
  readonly algorithm: 'fixed-window' | 'sliding-window' | 'token-bucket';
  readonly limit: number;
  readonly windowSeconds: number;
  readonly burst: number;
}

/** One of `limit` places among running calls of all processes together, kept as a share by each process. */
export interface SlotTake {
  readonly key: string;
  readonly limit: number;
}

/** Adds `amount` to a node once the response is known, whatever its limit. At most 9*10^15. */
export interface Increment {
  readonly node: string;
  readonly period: Period;
  readonly amount: bigint;
}

/** Names in lower case. A request edit changes what goes upstream, a response edit what the caller gets. */
export interface HeaderEdit {
  readonly side: 'request' | 'response';
  readonly name: string;
  /** Null strips. */
  readonly value: string | null;
}

/**
 * What a policy wants done. Only the pipeline does it: every window and hold of a call goes to the store in one reserve.
 * `charge` tells what of a hold is charged in the end; at most what was held.
 */
export type Effect =
  | { readonly kind: 'take-window'; readonly take: WindowTake }
  | {
      readonly kind: 'hold';
      readonly ask: NodeAsk;
      /** When the period ends that is part of the node's name, which the store does not know. */
      readonly endsAtMs?: number;
      readonly charge?: ChargeOf;
      readonly watch?: Watch;
      readonly told?: HoldWords;
    }
  | { readonly kind: 'take-share'; readonly take: ShareTake }
  | { readonly kind: 'take-slot'; readonly take: SlotTake }
  | { readonly kind: 'edit-header'; readonly edit: HeaderEdit }
  | { readonly kind: 'cap-body'; readonly bytesMax: number }
  | { readonly kind: 'increment'; readonly increment: Increment }
  | { readonly kind: 'notice'; readonly notice: Notice };

/** How people are told of a hold: what its limit counts (left out: units), and which of the policy's counters it is. */
export interface HoldWords {
  readonly unit: 'calls' | 'units' | 'nano-usd';
  readonly counter: string | null;
}

/** A limit whose use is announced at these percentages, once in each period; whether it also refuses is the ask's. */
export interface Watch {
  readonly limit: bigint;
  readonly thresholds: readonly number[];
}

/** Units or nano-dollars that a hold is charged for a priced outcome; null is a call that is not billed. */
export type ChargeOf = (priced: Priced | null) => bigint;

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

/** A limit that a call did not fit into: a window or node of the store, or what this process keeps. */
export type LimitRefusal =
  | { readonly kind: 'window'; readonly state: WindowState }
  | { readonly kind: 'node'; readonly refusal: NodeRefusal }
  | { readonly kind: 'share'; readonly limit: number; readonly resetAtMs: number }
  | { readonly kind: 'slot'; readonly limit: number };

/** What one node is charged in the end, in the period in which the call reserved. `amount` <= what was held. */
export interface NodeCharge {
  readonly node: string;
  readonly periodId: string;
  readonly amount: bigint;
}

const NOTHING: readonly Effect[] = [];

/** The decision of a policy that has no say in this call. */
export const ALLOWED: Decision = { kind: 'allowed', effects: NOTHING };

/** A limit that refuses nobody and still counts: what a shadowed or soft limit asks of the store. */
export const UNLIMITED = 9_000_000_000_000_000n;

/** The same for a window. */
export const UNLIMITED_CALLS = 2_000_000_000;

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
