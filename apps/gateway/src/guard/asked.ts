import type { Problem } from '@tollwright/core';
import {
  type ChargeOf,
  type Effect,
  type HoldWords,
  type LimitRefusal,
  type LimitReply,
  type NodeAsk,
  type Priced,
  type ReadyPolicy,
  UNLIMITED,
  UNLIMITED_CALLS,
  type Watch,
  type WindowTake,
} from '@tollwright/policies';
import type { GrantedNode, GrantedWindow } from '@tollwright/state';
import type { ShareLimits } from '../limits/share-limits.ts';
import type { SlotLimits } from '../limits/slot-limits.ts';
import { type Guard, noteShadowed } from './guard.ts';

type Of<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

/** A window of a policy. `take` is what the store is asked: a shadowed limit is counted without end. */
export interface AskedWindow {
  readonly policy: ReadyPolicy;
  readonly limit: number;
  readonly take: WindowTake;
}

/** A hold of a policy, asked likewise. */
export interface AskedHold {
  readonly policy: ReadyPolicy;
  readonly limit: bigint;
  readonly ask: NodeAsk;
  /** When the period ends that is part of the node's name. */
  readonly endsAtMs: number | undefined;
  readonly charge: ChargeOf | undefined;
  readonly watch: Watch | undefined;
  readonly told: HoldWords | undefined;
}

/** What the policies of a call ask of limits. */
export interface Asked {
  readonly windows: readonly AskedWindow[];
  readonly holds: readonly AskedHold[];
  readonly own: readonly { readonly policy: ReadyPolicy; readonly effect: Of<'take-share'> | Of<'take-slot'> }[];
}

/** Collects what policies ask for a worst case. Policies whose limit the call passes at a price count without end. */
export function askAll(guard: Guard, worst: Priced): Asked {
  const asked = { windows: [] as AskedWindow[], holds: [] as AskedHold[], own: [] as Asked['own'][number][] };
  const units = (meters: ReadonlySet<string>) => {
    let sum = 0n;
    for (const { meter, quantity } of worst.quantities) if (meters.has(meter)) sum += quantity;
    return sum;
  };
  for (const policy of guard.set.asking) {
    const isFree = policy.shadow || guard.beyond?.has(policy) === true;
    for (const effect of policy.ask?.(guard.call, units) ?? []) addAsked(asked, policy, effect, isFree);
  }
  return asked;
}

function addAsked(
  asked: { windows: AskedWindow[]; holds: AskedHold[]; own: Asked['own'][number][] },
  policy: ReadyPolicy,
  effect: Effect,
  isFree: boolean,
): void {
  switch (effect.kind) {
    case 'take-window': {
      const { take } = effect;
      asked.windows.push({ policy, limit: take.limit, take: isFree ? { ...take, limit: UNLIMITED_CALLS } : take });
      return;
    }
    case 'hold': {
      const ask: NodeAsk = isFree ? { ...effect.ask, limit: UNLIMITED } : effect.ask;
      const { endsAtMs, charge, watch, told } = effect;
      asked.holds.push({ policy, limit: effect.ask.limit, ask, endsAtMs, charge, watch, told });
      return;
    }
    case 'take-share':
    case 'take-slot':
      asked.own.push({ policy, effect });
      return;
    default:
      throw new Error(`a limit has no effect ${effect.kind}`);
  }
}

/** What this process granted of its own limits. `giveBack` undoes all, `leave` ends what running calls hold. */
export interface OwnGrant {
  readonly kind: 'taken';
  giveBack(): void;
  leave(): void;
}

export type OwnReply =
  | OwnGrant
  | { readonly kind: 'full'; readonly policy: ReadyPolicy; readonly refusal: LimitRefusal };

/** Takes what is asked of this process, all or nothing. Shadowed limits that are full are noted. */
export function takeOwn(
  limits: { readonly shares: ShareLimits; readonly slots: SlotLimits },
  guard: Guard,
  { own }: Asked,
  nowMs: number,
): OwnReply {
  const undo: (() => void)[] = [];
  const leave: (() => void)[] = [];
  for (const { policy, effect } of own) {
    const refusal = effect.kind === 'take-share' ? share(effect) : slot(effect);
    if (refusal === null) continue;
    if (!policy.shadow) {
      for (const back of undo) back();
      return { kind: 'full', policy, refusal };
    }
    noteShadowed(guard, policy, problemOf(limitedBy(policy, refusal, guard, nowMs)));
  }
  return { kind: 'taken', giveBack: () => undo.forEach(call), leave: () => leave.forEach(call) };

  function share({ take }: Of<'take-share'>): LimitRefusal | null {
    const reply = limits.shares.take(take, nowMs);
    if (reply.kind === 'full') return { kind: 'share', limit: take.limit, resetAtMs: reply.resetAtMs };
    undo.push(reply.giveBack);
    return null;
  }

  function slot({ take }: Of<'take-slot'>): LimitRefusal | null {
    const left = limits.slots.enter(take);
    if (left === null) return { kind: 'slot', limit: take.limit };
    undo.push(left);
    leave.push(left);
    return null;
  }
}

/** What a policy says of its own limit that is full. */
export function limitedBy(policy: ReadyPolicy, refusal: LimitRefusal, guard: Guard, nowMs: number): LimitReply {
  if (policy.limited === undefined) throw new Error(`${policy.type} asks for limits and has no words for full ones`);
  return policy.limited(refusal, guard.call, nowMs);
}

/** Notes the shadowed limits that a granted call would not have fitted into. */
export function judgeShadowed(
  guard: Guard,
  asked: Asked,
  granted: { readonly windows: readonly GrantedWindow[]; readonly nodes: readonly GrantedNode[] },
  nowMs: number,
): void {
  for (const { policy, limit, take } of asked.windows) {
    const state = policy.shadow ? granted.windows.find(({ window }) => window === take.window) : undefined;
    if (state === undefined || take.limit - state.remaining <= limit) continue;
    const refusal = { kind: 'window' as const, state: { ...state, limit, remaining: 0 } };
    noteShadowed(guard, policy, problemOf(limitedBy(policy, refusal, guard, nowMs)));
  }
  for (const { policy, limit, ask } of asked.holds) {
    const node = policy.shadow ? granted.nodes.find((one) => one.node === ask.node) : undefined;
    if (node === undefined || node.spent + node.held <= limit) continue;
    const kind = node.spent + ask.amount > limit ? 'exhausted' : 'held';
    const refusal = { kind: 'node' as const, refusal: { kind, node: { ...node, limit } } as const };
    noteShadowed(guard, policy, problemOf(limitedBy(policy, refusal, guard, nowMs)));
  }
}

function problemOf(reply: LimitReply): Problem {
  if (reply.kind === 'overage') throw new Error('a limit that is passed at a price is never shadowed');
  return reply.problem;
}

function call(act: () => void): void {
  act();
}
