import type { Principal } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import {
  drawCredit,
  type Effect,
  type NodeAsk,
  type Tariff,
  type WindowTake,
  type WorstCase,
} from '@tollwright/policies';
import { type Asked, askAll } from '../guard/asked.ts';
import { type Guard, runBody } from '../guard/guard.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { boundOn } from './bound-on.ts';

/** What a keyed call is decided on: everything that may be replaced by a newer version before it is granted. */
export interface Subject {
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly principal: Principal;
  /** The policies of the call; null where none has a say. */
  readonly guard: Guard | null;
  /** When the call arrived. Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** A call that its policies allow, with what it asks of the store. */
export interface Decided extends Subject {
  readonly kind: 'decided';
  readonly tariff: Tariff;
  readonly worst: WorstCase;
  readonly windows: readonly WindowTake[];
  /** Budgets from the owner to the key, credit of a prepaid plan, then quotas and tiers of the plan, then what policies hold. */
  readonly nodes: readonly NodeAsk[];
  /** What policies asked of limits; null without a guard. */
  readonly asked: Asked | null;
}

export type DecideReply = Decided | { readonly kind: 'refused'; readonly problem: Problem };

const NO_PLAN: Problem = { slug: 'forbidden', detail: 'The account of this key has no subscription to this API.' };

/** Runs the policies of a plan over a call. `body` is null where it is passed on without being read. Their effects are collected, not performed. */
export function decide(subject: Subject, body: Buffer | null): DecideReply {
  const { api, route, principal, guard } = subject;
  const { planVersionId } = principal.customer;
  const plain = planVersionId === null ? undefined : api.tariffs.get(planVersionId);
  if (plain === undefined) return { kind: 'refused', problem: NO_PLAN };
  const problem = guard === null ? null : runBody(guard, body);
  if (problem !== null) return { kind: 'refused', problem };
  const tariff = guard === null ? plain : guardedTariff(guard, plain);
  const bound = boundOn(tariff, api, route, body);
  if (bound.kind === 'refused') return bound;
  return decided(subject, tariff, bound.worst);
}

/** Collects what a worst case asks of the store. */
export function decided(subject: Subject, tariff: Tariff, worst: WorstCase): Decided {
  const { api, route, principal, guard, atMs } = subject;
  const { customerId } = principal.customer;
  const effects: Effect[] = api.budget.decide(principal.key.budgetNodes, worst.priced.rated.amountNanoUsd);
  if (tariff.prepaid !== null) effects.push(drawCredit(principal, worst.priced.rated.amountNanoUsd));
  for (const quota of tariff.quotas) effects.push(quota.decide(customerId, worst.priced.quantities));
  for (const counter of tariff.tierCounters) effects.push(counter.decide(principal, worst.priced.quantities, atMs));
  if (tariff.rateLimit !== null) effects.push(tariff.rateLimit.decide(customerId));
  const windows: WindowTake[] = [];
  const nodes: NodeAsk[] = [];
  for (const effect of effects) {
    if (effect.kind === 'take-window') windows.push(effect.take);
    else if (effect.kind === 'hold') nodes.push(effect.ask);
  }
  const asked = guard === null ? null : askAll(guard, worst.priced);
  for (const { take } of asked?.windows ?? []) windows.push(take);
  for (const { ask } of asked?.holds ?? []) nodes.push(ask);
  return { kind: 'decided', api, route, principal, guard, atMs, tariff, worst, windows, nodes, asked };
}

/** The plan's tariff as policies change it: a lower output cap, rate cards of quotas that are passed at a price. */
function guardedTariff({ set, beyond }: Guard, plain: Tariff): Tariff {
  const tariff = beyond === null ? plain : plain.withCards([...beyond.values()].flat());
  const most = set.outputTokensMax;
  return most === null || most >= tariff.outputTokensMax ? tariff : { ...tariff, outputTokensMax: most };
}
