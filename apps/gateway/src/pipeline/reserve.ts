import type { CustomerRecord } from '@tollwright/contracts';
import { isCreditNode, type Problem, type RateCard, type TierPosition } from '@tollwright/core';
import {
  affordableCap,
  creditRefused,
  type LimitRefusal,
  type LimitReply,
  type NodeRefusal,
  type QuotaPolicy,
  type ReadyPolicy,
} from '@tollwright/policies';
import { type GrantedNode, type GrantedWindow, type ItemReply, StateUnavailable, TagRebuild } from '@tollwright/state';
import { topUpMembers } from '../credits/top-up-members.ts';
import { type AskedHold, judgeShadowed, limitedBy, type OwnGrant, type OwnReply, takeOwn } from '../guard/asked.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { type Decided, type DecideReply, decide, decided, type Subject } from './decide.ts';
import { problemFields, refusedFields } from './limit-fields.ts';
import type { RefusedSubject } from './note-decision.ts';
import { positionOf } from './outcome.ts';
import { STATE_AWAY, type Visit } from './visit.ts';

/** A call whose worst case is held. */
export interface Granted {
  readonly kind: 'granted';
  readonly tag: string;
  readonly call: Decided;
  readonly windows: readonly GrantedWindow[];
  readonly nodes: readonly GrantedNode[];
  /** Where the call stands on the tiers of its plan. */
  readonly position: TierPosition;
  /** Ends what this process itself holds for the call; null where it holds nothing. */
  readonly leave: (() => void) | null;
}

/** Who was refused, on the versions that refused. */
export interface Refusal {
  readonly kind: 'refused';
  readonly problem: Problem;
  readonly headers: readonly string[];
  readonly subject: RefusedSubject;
}

/** Quota or credit is used up, and the call may pay for itself where the route has a price. */
export interface PayPerCall extends Omit<Refusal, 'kind' | 'subject'> {
  readonly kind: 'pay-per-call';
  readonly subject: Decided;
}

export type ReserveReply = Granted | Refusal | PayPerCall;

/** Brings a stale subject up to date, or answers why the call cannot be made any more and on which versions. */
export type Refresh = (
  subject: Subject,
  stale: string,
) => Promise<
  | { readonly kind: 'fresh'; readonly subject: Subject }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly subject: RefusedSubject }
>;

/** Decided again because of what the store answered. */
type Next = { readonly kind: 'next'; readonly subject: Subject; readonly call: DecideReply };

const STALE_ROUNDS_MAX = 3;
const CLAMP_ROUNDS_MAX = 3;

/**
 * Decides a call and holds its worst case: one item for all windows and nodes, all or nothing. Decides again when the
 * store knows a newer version; lowers an injected output cap to what a refusing node can afford; passes a quota at its
 * price where the quota says so. A refused call has taken nothing of any limit.
 */
export async function reserve(
  visit: Visit,
  first: Subject,
  body: Buffer | null,
  refresh: Refresh,
): Promise<ReserveReply> {
  if (!visit.gateway.registered) return refusedWith(first, STATE_AWAY);
  const rounds = { stale: 0, clamp: 0 };
  let own: OwnGrant | null = null;
  let subject = first;
  let call = decide(first, body);
  for (;;) {
    if (call.kind === 'refused') return end(own, refusedWith(subject, call.problem));
    if (own === null) {
      const taken = takenOwn(visit, call);
      if (taken?.kind === 'full') return ownFull(call, taken, visit.startedAtMs);
      own = taken;
    }
    const tag = `c:${call.principal.customer.customerId}`;
    const reply = await ask(visit, tag, call);
    if (reply === null) return end(own, refusedWith(call, STATE_AWAY));
    if (reply.kind === 'granted') {
      if (call.guard !== null && call.asked !== null) judgeShadowed(call.guard, call.asked, reply, visit.startedAtMs);
      const { windows, nodes } = reply;
      return {
        kind: 'granted',
        tag,
        call,
        windows,
        nodes,
        position: positionOf(call, nodes),
        leave: own?.leave ?? null,
      };
    }
    const next = await afterRefusal(visit, call, reply, body, rounds, refresh);
    if (next.kind !== 'next') return end(own, next);
    ({ subject, call } = next);
  }
}

function end<R extends Refusal | PayPerCall>(own: OwnGrant | null, refusal: R): R {
  own?.giveBack();
  return refusal;
}

async function afterRefusal(
  visit: Visit,
  call: Decided,
  reply: Exclude<ItemReply, { kind: 'granted' }>,
  body: Buffer | null,
  rounds: { stale: number; clamp: number },
  refresh: Refresh,
): Promise<Next | Refusal | PayPerCall> {
  switch (reply.kind) {
    case 'stale': {
      if (++rounds.stale > STALE_ROUNDS_MAX) return refusedWith(call, STATE_AWAY);
      const fresh = await refresh(call, reply.subject);
      if (fresh.kind === 'refused') return refusedWith(fresh.subject, fresh.problem);
      return { kind: 'next', subject: fresh.subject, call: decide(fresh.subject, body) };
    }
    case 'window-full':
      return windowFull(call, reply);
    case 'exhausted':
    case 'held': {
      const hold = call.asked?.holds.find(({ ask: { node } }) => node === reply.node.node);
      const limited = hold === undefined ? null : holdFull(call, hold, reply);
      if (limited?.kind === 'overage') {
        passAtPrice(call, limited.policy, limited.rateCards);
        return { kind: 'next', subject: call, call: decide(call, body) };
      }
      const smaller = ++rounds.clamp > CLAMP_ROUNDS_MAX ? null : clamped(call, reply, hold);
      if (smaller !== null) {
        if (call.guard !== null) call.guard.refusedBy = null;
        return { kind: 'next', subject: call, call: smaller };
      }
      return limited ?? nodeRefused(visit, call, reply);
    }
    default:
      throw new Error(`a reserve was answered ${reply.kind}`);
  }
}

function passAtPrice({ guard }: Decided, policy: ReadyPolicy, rateCards: readonly RateCard[]): void {
  if (guard === null) return;
  guard.beyond ??= new Map();
  guard.beyond.set(policy, rateCards);
  guard.refusedBy = null;
}

function takenOwn({ gateway, startedAtMs }: Visit, { guard, asked }: Decided): OwnReply | null {
  if (guard === null || asked === null || asked.own.length === 0) return null;
  return takeOwn(gateway.limits, guard, asked, startedAtMs);
}

async function ask({ gateway, eventId, startedAtMs }: Visit, tag: string, call: Decided): Promise<ItemReply | null> {
  const { snapshot } = call.api;
  const { connectTimeoutMs, totalTimeoutMs } = snapshot.upstream;
  try {
    return await gateway.batcher.reserve(tag, {
      kind: 'reserve',
      callId: eventId,
      versions: versionsOf(call),
      windows: call.windows,
      nodes: call.nodes,
      deadlineAtMs: startedAtMs + connectTimeoutMs + totalTimeoutMs,
      reason: call.route.route.operationId,
    });
  } catch (error) {
    if (!(error instanceof StateUnavailable || error instanceof TagRebuild)) throw error;
    gateway.log.warn({ err: error, tag }, 'a call could not be decided');
    return null;
  }
}

const versions = new WeakMap<CustomerRecord, { readonly api: CompiledApi; readonly value: Record<string, number> }>();

/** The versions that a call is decided under. Made once for each customer and API, since they change together. */
export function versionsOf({
  api,
  principal: { customer },
}: Pick<Subject, 'api' | 'principal'>): Record<string, number> {
  const known = versions.get(customer);
  if (known?.api === api) return known.value;
  const { apiId, version } = api.snapshot;
  const value = { [`customer:${customer.customerId}`]: customer.version, [`api:${apiId}`]: version };
  versions.set(customer, { api, value });
  return value;
}

function clamped(call: Decided, refusal: NodeRefusal, hold: AskedHold | undefined): Decided | null {
  // A hold that does not grow with the call is not made smaller by a smaller call.
  if (hold !== undefined && hold.charge?.(call.worst.priced) !== hold.ask.amount) return null;
  const quota = quotaOf(call, refusal);
  const worst = affordableCap(
    call.tariff,
    call.worst,
    refusal,
    ({ priced }) => hold?.charge?.(priced) ?? quota?.units(priced.quantities) ?? priced.rated.amountNanoUsd,
    call.api.budget.options.outputTokensMin,
  );
  return worst && decided(call, call.tariff, worst);
}

function nodeRefused(visit: Visit, call: Decided, refusal: NodeRefusal): Refusal | PayPerCall {
  const nowMs = Date.now();
  if (isCreditNode(refusal.node.node)) return creditUsedUp(visit, call, refusal, nowMs);
  const quota = quotaOf(call, refusal);
  const problem = quota ? quota.refused(refusal, nowMs) : call.api.budget.refused(refusal, nowMs);
  const name = quota ? quota.quota.featureKey : 'budget';
  const headers = refusedFields(name, refusal.node, nowMs);
  return { kind: 'refused', problem, headers, subject: call };
}

/** A call whose credit is used up may pay for itself where its route has a price; otherwise it is told where to pay in. */
function creditUsedUp(visit: Visit, call: Decided, refusal: NodeRefusal, nowMs: number): Refusal | PayPerCall {
  const { api, tariff } = call;
  const problem = creditRefused(refusal, nowMs, topUpMembers(visit, api, tariff.prepaid));
  const kind = refusal.kind === 'exhausted' ? 'pay-per-call' : 'refused';
  return { kind, problem, headers: refusedFields('credit', refusal.node, nowMs), subject: call };
}

function holdFull(call: Decided, { policy }: AskedHold, refusal: NodeRefusal) {
  const limit = { kind: 'node' as const, refusal };
  return policyFull(call, policy, limit, (name, nowMs) => refusedFields(name, refusal.node, nowMs));
}

function ownFull(
  call: Decided,
  { policy, refusal }: Extract<OwnReply, { kind: 'full' }>,
  nowMs: number,
): Refusal | PayPerCall {
  const reply = policyFull(call, policy, refusal, () => []);
  if (reply.kind === 'overage') throw new Error('a limit of this process has no price beyond it');
  return { ...reply, headers: problemFields(reply.problem, nowMs) };
}

function policyFull(
  call: Decided,
  policy: ReadyPolicy,
  refusal: LimitRefusal,
  fields: (name: string, nowMs: number) => readonly string[],
): Refusal | PayPerCall | (Extract<LimitReply, { kind: 'overage' }> & { readonly policy: ReadyPolicy }) {
  const { guard } = call;
  if (guard === null) throw new Error('a policy refused a call without policies');
  const nowMs = Date.now();
  const reply = limitedBy(policy, refusal, guard, nowMs);
  if (reply.kind === 'overage') return { ...reply, policy };
  guard.refusedBy = policy;
  const name = String(reply.problem.members?.exhausted ?? policy.type);
  return { ...reply, headers: fields(name, nowMs), subject: call };
}

function quotaOf({ tariff, principal }: Decided, { node }: NodeRefusal): QuotaPolicy | undefined {
  return tariff.quotas.find((quota) => quota.nodeOf(principal.customer.customerId) === node.node);
}

function windowFull(call: Decided, reply: Extract<ItemReply, { kind: 'window-full' }>): Refusal | PayPerCall {
  const asked = call.asked?.windows.find(({ take }) => take.window === reply.window);
  if (asked !== undefined) {
    const limit = { kind: 'window' as const, state: { ...reply, remaining: 0 } };
    const full = policyFull(call, asked.policy, limit, () => []);
    if (full.kind === 'overage') throw new Error('a window has no price beyond it');
    return { ...full, headers: problemFields(full.problem, Date.now()) };
  }
  const { rateLimit } = call.tariff;
  if (rateLimit === null) throw new Error('a window is full that the plan does not have');
  const nowMs = Date.now();
  const field = rateLimit.field({ ...reply, remaining: 0 }, nowMs);
  const headers = ['ratelimit-policy', rateLimit.policyField, 'ratelimit', field];
  return { kind: 'refused', problem: rateLimit.refused(reply, nowMs), headers, subject: call };
}

function refusedWith(subject: RefusedSubject, problem: Problem): Refusal {
  return { kind: 'refused', problem, headers: [], subject };
}
