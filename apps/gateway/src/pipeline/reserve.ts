import type { Principal } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import { affordableCap, type NodeRefusal, type QuotaPolicy } from '@tollwright/policies';
import { type GrantedNode, type GrantedWindow, type ItemReply, StateUnavailable, TagRebuild } from '@tollwright/state';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { type Decided, decide, decided, type Subject } from './decide.ts';
import { refusedFields } from './limit-fields.ts';
import { STATE_AWAY, type Visit } from './visit.ts';

/** A call whose worst case is held. */
export interface Granted {
  readonly kind: 'granted';
  readonly tag: string;
  readonly call: Decided;
  readonly windows: readonly GrantedWindow[];
  readonly nodes: readonly GrantedNode[];
}

export type ReserveReply =
  | Granted
  | { readonly kind: 'refused'; readonly problem: Problem; readonly headers: readonly string[] };

/** Brings a stale subject up to date, or answers why the call cannot be made any more. */
export type Refresh = (
  subject: Subject,
  stale: string,
) => Promise<
  { readonly kind: 'fresh'; readonly subject: Subject } | { readonly kind: 'refused'; readonly problem: Problem }
>;

const STALE_ROUNDS_MAX = 3;
const CLAMP_ROUNDS_MAX = 3;

/**
 * Decides a call and holds its worst case: one item for all windows and nodes, all or nothing. Decides again when the
 * store knows a newer version; lowers an injected output cap to what a refusing node can afford.
 */
export async function reserve(
  visit: Visit,
  first: Subject,
  body: Buffer | null,
  refresh: Refresh,
): Promise<ReserveReply> {
  const { gateway } = visit;
  if (!gateway.registered) return refusedWith(STATE_AWAY);
  let call = decide(first, body);
  let staleRounds = 0;
  let clampRounds = 0;
  for (;;) {
    if (call.kind === 'refused') return refusedWith(call.problem);
    const tag = `c:${call.principal.customer.customerId}`;
    const reply = await ask(visit, tag, call);
    if (reply === null) return refusedWith(STATE_AWAY);
    switch (reply.kind) {
      case 'granted':
        return { kind: 'granted', tag, call, windows: reply.windows, nodes: reply.nodes };
      case 'stale': {
        if (++staleRounds > STALE_ROUNDS_MAX) return refusedWith(STATE_AWAY);
        const fresh = await refresh(call, reply.subject);
        if (fresh.kind === 'refused') return refusedWith(fresh.problem);
        call = decide(fresh.subject, body);
        break;
      }
      case 'window-full':
        return windowFull(call, reply);
      case 'exhausted':
      case 'held': {
        const smaller = ++clampRounds > CLAMP_ROUNDS_MAX ? null : clamped(call, reply);
        if (smaller === null) return nodeRefused(call, reply);
        call = smaller;
        break;
      }
      default:
        throw new Error(`a reserve was answered ${reply.kind}`);
    }
  }
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

const versions = new WeakMap<Principal, { readonly api: CompiledApi; readonly value: Record<string, number> }>();

/** The versions that a call is decided under. Made once for each key and API, since they change together. */
function versionsOf({ api, principal }: Decided): Record<string, number> {
  const known = versions.get(principal);
  if (known?.api === api) return known.value;
  const { customer } = principal;
  const { apiId, version } = api.snapshot;
  const value = { [`customer:${customer.customerId}`]: customer.version, [`api:${apiId}`]: version };
  versions.set(principal, { api, value });
  return value;
}

function clamped(call: Decided, refusal: NodeRefusal): Decided | null {
  const quota = quotaOf(call, refusal);
  const worst = affordableCap(
    call.tariff,
    call.worst,
    refusal,
    ({ priced }) => (quota ? quota.units(priced.quantities) : priced.rated.amountNanoUsd),
    call.api.budget.options.outputTokensMin,
  );
  return worst && decided(call, call.tariff, worst);
}

function nodeRefused(call: Decided, refusal: NodeRefusal): ReserveReply {
  const nowMs = Date.now();
  const quota = quotaOf(call, refusal);
  const problem = quota ? quota.refused(refusal, nowMs) : call.api.budget.refused(refusal, nowMs);
  const name = quota ? quota.quota.featureKey : 'budget';
  return { kind: 'refused', problem, headers: refusedFields(name, refusal.node, nowMs) };
}

function quotaOf({ tariff, principal }: Decided, { node }: NodeRefusal): QuotaPolicy | undefined {
  return tariff.quotas.find((quota) => quota.nodeOf(principal.customer.customerId) === node.node);
}

function windowFull({ tariff }: Decided, reply: Extract<ItemReply, { kind: 'window-full' }>): ReserveReply {
  const { rateLimit } = tariff;
  if (rateLimit === null) throw new Error('a window is full that the plan does not have');
  const nowMs = Date.now();
  const field = rateLimit.field({ ...reply, remaining: 0 }, nowMs);
  const headers = ['ratelimit-policy', rateLimit.policyField, 'ratelimit', field];
  return { kind: 'refused', problem: rateLimit.refused(reply, nowMs), headers };
}

function refusedWith(problem: Problem): ReserveReply {
  return { kind: 'refused', problem, headers: [] };
}
