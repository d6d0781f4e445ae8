import type { Principal } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import {
  boundCall,
  type Effect,
  type NodeAsk,
  type Tariff,
  type WindowTake,
  type WorstCase,
} from '@tollwright/policies';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** What a keyed call is decided on: everything that may be replaced by a newer version before it is granted. */
export interface Subject {
  readonly api: CompiledApi;
  readonly route: CompiledRoute;
  readonly principal: Principal;
}

/** A call that its policies allow, with what it asks of the store. */
export interface Decided extends Subject {
  readonly kind: 'decided';
  readonly tariff: Tariff;
  readonly worst: WorstCase;
  readonly windows: readonly WindowTake[];
  readonly nodes: readonly NodeAsk[];
}

export type DecideReply = Decided | { readonly kind: 'refused'; readonly problem: Problem };

const NO_PLAN: Problem = { slug: 'forbidden', detail: 'The account of this key has no subscription to this API.' };

/** Runs the policies of a plan over a call. Their effects are collected, not performed. */
export function decide(subject: Subject, body: Buffer | null): DecideReply {
  const { api, route, principal } = subject;
  const { planVersionId } = principal.customer;
  const tariff = planVersionId === null ? undefined : api.tariffs.get(planVersionId);
  if (tariff === undefined) return { kind: 'refused', problem: NO_PLAN };
  const bound = boundCall(tariff, { rule: route.rule, body, known: route.known });
  if (bound.kind === 'refused') return bound;
  return decided(subject, tariff, bound.worst);
}

/** Collects what a worst case asks of the store. */
export function decided(subject: Subject, tariff: Tariff, worst: WorstCase): Decided {
  const { api, route, principal } = subject;
  const { customerId } = principal.customer;
  const effects: Effect[] = api.budget.decide(principal.key.budgetNodes, worst.priced.rated.amountNanoUsd);
  for (const quota of tariff.quotas) effects.push(quota.decide(customerId, worst.priced.quantities));
  if (tariff.rateLimit !== null) effects.push(tariff.rateLimit.decide(customerId));
  const windows: WindowTake[] = [];
  const nodes: NodeAsk[] = [];
  for (const effect of effects) {
    if (effect.kind === 'take-window') windows.push(effect.take);
    else if (effect.kind === 'hold') nodes.push(effect.ask);
  }
  return { kind: 'decided', api, route, principal, tariff, worst, windows, nodes };
}
