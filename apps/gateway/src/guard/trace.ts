import type { Problem } from '@tollwright/core';
import type { NodeAsk, ReadyPolicy } from '@tollwright/policies';
import type { GrantedNode, GrantedWindow } from '@tollwright/state';
import type { Visit } from '../pipeline/visit.ts';
import type { Asked } from './asked.ts';
import type { Guard } from './guard.ts';

/** What one policy decided. Limits are units, calls or nano-dollars, as text; `before` and `after` are what was used. */
export interface PolicyTrace {
  /** `<type>`, or `<type>:<name>`. */
  readonly policy: string;
  readonly type: string;
  readonly level: 'api' | 'route' | 'plan' | 'account';
  readonly decision: 'allowed' | 'refused' | 'would-refuse' | 'not-reached';
  readonly shadow: boolean;
  readonly problem: string | null;
  readonly limit: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** Why a call was answered as it was. Made for refused calls and for a sample of the others. */
export interface CallTrace {
  readonly requestId: string;
  readonly eventId: string;
  readonly apiId: string;
  readonly routeId: string;
  readonly keyId: string | null;
  readonly atMs: number;
  readonly outcome: 'refused' | 'granted';
  readonly problem: string | null;
  readonly policies: readonly PolicyTrace[];
}

/** What a trace is made of. `limited` names the built-in limit that refused, such as `budget` or a quota's feature. */
export interface Traced {
  readonly apiId: string;
  readonly routeId: string;
  readonly keyId: string | null;
  readonly guard: Guard | null;
  readonly asked: Asked | null;
  /** Every node that was asked for. */
  readonly asks: readonly NodeAsk[];
  readonly granted: { readonly windows: readonly GrantedWindow[]; readonly nodes: readonly GrantedNode[] } | null;
  readonly problem: Problem | null;
}

/** Gives a trace to whoever listens; builds nothing when nobody does. A granted call is traced when the sample takes it. */
export function trace(visit: Visit, traced: () => Traced, refused: boolean): void {
  const { onTrace, traceSample } = visit.gateway;
  if (onTrace === null || (!refused && (traceSample === 0 || Math.random() >= traceSample))) return;
  onTrace(traceOf(visit, traced(), refused));
}

function traceOf({ requestId, eventId, startedAtMs }: Visit, traced: Traced, refused: boolean): CallTrace {
  const { apiId, routeId, keyId, problem } = traced;
  return {
    ...{ requestId, eventId, apiId, routeId, keyId, atMs: startedAtMs },
    outcome: refused ? 'refused' : 'granted',
    problem: problem?.slug ?? null,
    policies: [...builtIn(traced), ...configured(traced, refused)],
  };
}

/** Limits of plan and budgets, as the store counted them. */
function builtIn({ asked, asks, granted, problem, guard, keyId }: Traced): PolicyTrace[] {
  const fixed = { level: 'account' as const, shadow: false, problem: null };
  const none = { limit: null, before: null, after: null };
  const key: PolicyTrace = {
    ...fixed,
    ...none,
    policy: 'api-key',
    type: 'api-key',
    decision: keyId === null ? 'refused' : 'allowed',
  };
  if (granted === null) {
    const by = guard?.refusedBy ?? null;
    if (problem === null || by !== null || keyId === null)
      return [keyId === null ? { ...key, problem: problem?.slug ?? null } : key];
    return [
      key,
      {
        ...fixed,
        ...refusedLimit(problem),
        policy: problem.slug,
        type: 'limit',
        decision: 'refused',
        problem: problem.slug,
      },
    ];
  }
  const own = new Set([
    ...(asked?.windows.map(({ take }) => take.window) ?? []),
    ...(asked?.holds.map(({ ask }) => ask.node) ?? []),
  ]);
  const windows = granted.windows
    .filter(({ window }) => !own.has(window))
    .map(
      (state): PolicyTrace => ({
        ...{ ...fixed, policy: state.window, type: 'rate-limit', decision: 'allowed', limit: String(state.limit) },
        ...{ before: String(state.limit - state.remaining - 1), after: String(state.limit - state.remaining) },
      }),
    );
  const nodes = granted.nodes
    .filter(({ node }) => !own.has(node))
    .map(
      (state): PolicyTrace => ({
        ...{
          ...fixed,
          policy: state.node,
          type: state.node.startsWith('budget:') ? 'budget' : 'quota',
          decision: 'allowed',
        },
        ...{
          limit: String(state.limit),
          before: String(state.spent + state.held - amountOf(asks, state.node)),
          after: String(state.spent + state.held),
        },
      }),
    );
  return [key, ...windows, ...nodes];
}

function configured(traced: Traced, refused: boolean): PolicyTrace[] {
  const { guard, problem } = traced;
  if (guard === null) return [];
  const all = [...guard.set.head, ...guard.set.body];
  const end = refused && guard.refusedBy !== null ? all.indexOf(guard.refusedBy) : all.length;
  return all.map((policy, index): PolicyTrace => {
    const { name, type, level, shadow } = policy;
    const own = { policy: name, type, level, shadow };
    const shadowed = guard.shadowed.find((one) => one.policy === policy)?.problem;
    if (shadowed) return { ...own, decision: 'would-refuse', problem: shadowed.slug, ...refusedLimit(shadowed) };
    if (refused && policy === guard.refusedBy) {
      return { ...own, decision: 'refused', problem: problem?.slug ?? null, ...refusedLimit(problem) };
    }
    const reached = index < end || (policy.ask !== undefined && traced.granted !== null);
    return { ...own, decision: reached ? 'allowed' : 'not-reached', problem: null, ...grantedLimit(policy, traced) };
  });
}

function amountOf(asks: readonly NodeAsk[], node: string): bigint {
  return asks.find((ask) => ask.node === node)?.amount ?? 0n;
}

/** The first limit of a policy, as the store counted it. */
function grantedLimit(policy: ReadyPolicy, { asked, granted }: Traced) {
  const window = asked?.windows.find((one) => one.policy === policy);
  const state = window && granted?.windows.find((one) => one.window === window.take.window);
  if (window && state) {
    const taken = window.take.limit - state.remaining;
    return { limit: String(window.limit), before: String(taken - 1), after: String(taken) };
  }
  const hold = asked?.holds.find((one) => one.policy === policy);
  const node = hold && granted?.nodes.find((one) => one.node === hold.ask.node);
  if (!hold || !node) return { limit: null, before: null, after: null };
  const after = node.spent + node.held;
  return { limit: String(hold.limit), before: String(after - hold.ask.amount), after: String(after) };
}

/** What a refusal tells of its limit. */
function refusedLimit(problem: Problem | null) {
  const { limit, remaining } = problem?.members ?? {};
  if (limit === undefined) return { limit: null, before: null, after: null };
  const used = remaining === undefined ? null : String(BigInt(String(limit)) - BigInt(String(remaining)));
  return { limit: String(limit), before: used, after: used };
}
