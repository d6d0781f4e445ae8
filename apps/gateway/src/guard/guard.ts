import type { Principal } from '@tollwright/contracts';
import type { Problem, RateCard } from '@tollwright/core';
import type { Effect, HeaderEdit, PolicySet, ReadyPolicy } from '@tollwright/policies';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';
import { CallView } from './call-view.ts';

/** A refusal that only counts. */
export interface Shadowed {
  readonly policy: ReadyPolicy;
  readonly problem: Problem;
}

/** The policies of one call on their way through it, with what they decided so far. */
export interface Guard {
  readonly set: PolicySet;
  readonly call: CallView;
  /** The lowest that a policy allows; null is the route's own. */
  bodyBytesMax: number | null;
  readonly edits: HeaderEdit[];
  readonly shadowed: Shadowed[];
  /** Policies whose limit the call passes at a price; null while there are none. */
  beyond: Map<ReadyPolicy, readonly RateCard[]> | null;
  /** Who ended the call; null while nobody did. */
  refusedBy: ReadyPolicy | null;
}

/** Null: no policy has a say in such calls, and nothing is made for them. */
export function guardOf(
  visit: Visit,
  api: CompiledApi,
  route: CompiledRoute,
  principal: Principal | null,
): Guard | null {
  if (route.policies === null) return null;
  const set = route.policies.of(principal?.customer.planVersionId ?? null);
  if (set === null) return null;
  return {
    set,
    call: new CallView(visit, api, route, principal),
    bodyBytesMax: null,
    edits: [],
    shadowed: [],
    beyond: null,
    refusedBy: null,
  };
}

/** Runs what decides without the body. A problem ends the call. */
export function runHead(guard: Guard): Problem | null {
  return run(guard, guard.set.head);
}

/** Runs what decides with the body in hand. */
export function runBody(guard: Guard, body: Buffer | null): Problem | null {
  guard.call.takeBody(body);
  const { bodyBytesMax } = guard;
  // The body may have been read before a newer version of the policies was in force.
  if (bodyBytesMax !== null && body !== null && body.length > bodyBytesMax) return tooLarge(bodyBytesMax);
  return run(guard, guard.set.body);
}

function tooLarge(bytesMax: number): Problem {
  const detail = `The body may have at most ${bytesMax} bytes.`;
  return { slug: 'body-too-large', detail, members: { limit: bytesMax } };
}

function run(guard: Guard, policies: readonly ReadyPolicy[]): Problem | null {
  for (const policy of policies) {
    const decision = policy.decide(guard.call);
    if (decision.kind === 'refused') {
      if (!policy.shadow) {
        guard.refusedBy = policy;
        return decision.problem;
      }
      noteShadowed(guard, policy, decision.problem);
    } else if (!policy.shadow) for (const effect of decision.effects) take(guard, effect);
  }
  return null;
}

/** Counts a policy's refusal once for a call, however often the call is decided. */
export function noteShadowed(guard: Guard, policy: ReadyPolicy, problem: Problem): void {
  if (!guard.shadowed.some((one) => one.policy === policy)) guard.shadowed.push({ policy, problem });
}

function take(guard: Guard, effect: Effect): void {
  switch (effect.kind) {
    case 'cap-body':
      guard.bodyBytesMax = Math.min(effect.bytesMax, guard.bodyBytesMax ?? effect.bytesMax);
      return;
    case 'edit-header':
      guard.edits.push(effect.edit);
      return;
    default:
      throw new Error(`a decision has no effect ${effect.kind}`);
  }
}
