import type { PolicyTrace } from '@tollwright/contracts';
import { isCreditNode, type Problem } from '@tollwright/core';
import { type BudgetNode, isTierCounter, type NodeAsk, type ReadyPolicy } from '@tollwright/policies';
import type { GrantedNode, GrantedWindow } from '@tollwright/state';
import type { Asked, AskedHold } from '../guard/asked.ts';
import type { Guard } from '../guard/guard.ts';

/** What the decisions of a call are told from. */
export interface Decisions {
  /** Whether a key was accepted. */
  readonly isKnown: boolean;
  /** The budgets of the key, with their own limits: the store is asked without end for soft ones. */
  readonly budgets: readonly BudgetNode[];
  /** Null where no policy has a say. */
  readonly guard: Guard | null;
  readonly asked: Asked | null;
  /** Every node that was asked for. */
  readonly asks: readonly NodeAsk[];
  /** Null: the store granted nothing. */
  readonly granted: { readonly windows: readonly GrantedWindow[]; readonly nodes: readonly GrantedNode[] } | null;
  /** Whether the most that the call could use was worked out: then its body was read and judged. */
  readonly isBounded: boolean;
  /** Why the call was refused; null if it was not. */
  readonly problem: Problem | null;
}

type Limit = Pick<PolicyTrace, 'limit' | 'before' | 'after' | 'unit' | 'counter'>;

const NO_LIMIT: Limit = { limit: null, before: null, after: null, unit: null, counter: null };
const OF_ACCOUNT = { level: 'account', shadow: false, problem: null } as const;

/**
 * What every policy decided, in the order in which they do: the key, policies that ask nothing of limits, then limits, which
 * are all taken at once: those of plan and budgets, and those of policies.
 */
export function policyTraces(decisions: Decisions): PolicyTrace[] {
  const own = ofPolicies(decisions);
  return [keyTrace(decisions), ...own.deciding, ...ofAccount(decisions), ...own.asking];
}

function keyTrace({ isKnown, problem }: Decisions): PolicyTrace {
  const own = { ...OF_ACCOUNT, ...NO_LIMIT, policy: 'api-key', type: 'api-key' };
  if (isKnown) return { ...own, decision: 'allowed' };
  if (problem?.slug !== 'invalid-key') return { ...own, decision: 'not-reached' };
  return { ...own, decision: 'refused', problem: problem.slug };
}

/** Limits of the plan and budgets, as the store counted them. */
function ofAccount(decisions: Decisions): PolicyTrace[] {
  const { asked, asks, budgets, granted, guard, problem } = decisions;
  if (granted === null) {
    if (problem === null || problem.slug === 'invalid-key' || (guard?.refusedBy ?? null) !== null) return [];
    return [{ ...OF_ACCOUNT, ...limitOf(problem), ...nameOf(problem), decision: 'refused', problem: problem.slug }];
  }
  const ofPolicy = new Set([
    ...(asked?.windows.map(({ take }) => take.window) ?? []),
    ...(asked?.holds.map(({ ask }) => ask.node) ?? []),
  ]);
  const allowed = { ...OF_ACCOUNT, decision: 'allowed' } as const;
  const windows = granted.windows
    .filter(({ window }) => !ofPolicy.has(window))
    .map((state): PolicyTrace => {
      const limit = windowLimit(state.limit, state.limit - state.remaining);
      return { ...allowed, ...limit, policy: 'rate-limit', type: 'rate-limit' };
    });
  const nodes = granted.nodes
    .filter(({ node }) => !ofPolicy.has(node) && !isTierCounter(node))
    .map((state): PolicyTrace => {
      const type = typeOfNode(state.node);
      const unit = type === 'quota' ? 'units' : 'nano-usd';
      const amount = asks.find(({ node }) => node === state.node)?.amount ?? 0n;
      const limit = budgets.find(({ node }) => node === state.node)?.limitNanoUsd ?? state.limit;
      return { ...allowed, ...nodeLimit(state, limit, amount), unit, policy: nodeName(state.node), type };
    });
  return [...windows, ...nodes];
}

/** What refused a call beside the policies that were set by hand. */
function nameOf({ slug, members }: Problem): Pick<PolicyTrace, 'policy' | 'type'> {
  const exhausted = String(members?.exhausted ?? '');
  if (slug === 'credits-exhausted' || isCreditNode(exhausted)) return { policy: 'credit', type: 'credit' };
  if (slug.startsWith('budget-')) return { policy: exhausted, type: 'budget' };
  if (slug.startsWith('quota-')) return { policy: `quota:${exhausted}`, type: 'quota' };
  if (slug === 'rate-limited') return { policy: 'rate-limit', type: 'rate-limit' };
  if (slug === 'step-up-required') return { policy: 'step-up', type: 'payment' };
  if (slug.startsWith('payment-') || slug === 'allowance-required') return { policy: 'payment', type: 'payment' };
  return { policy: slug, type: 'call' };
}

function typeOfNode(node: string): 'budget' | 'credit' | 'quota' {
  if (isCreditNode(node)) return 'credit';
  return node.startsWith('budget:') ? 'budget' : 'quota';
}

/** `quota:<customer>:<feature>` without the customer; budgets by their node. */
function nodeName(node: string): string {
  if (isCreditNode(node)) return 'credit';
  const [kind, , feature] = node.split(':');
  return kind === 'quota' && feature !== undefined ? `quota:${feature}` : node;
}

function ofPolicies(decisions: Decisions): { deciding: PolicyTrace[]; asking: PolicyTrace[] } {
  const { guard } = decisions;
  if (guard === null) return { deciding: [], asking: [] };
  const all = [...guard.set.head, ...guard.set.body];
  const end = endOf(guard, all, decisions);
  const traced = all.map((policy, index) => ({ policy, made: ofPolicy(policy, guard, index < end, decisions) }));
  const of = (asks: boolean) => traced.flatMap(({ policy, made }) => ((policy.ask !== undefined) === asks ? made : []));
  return { deciding: of(false), asking: of(true) };
}

/**
 * The first policy that did not get its turn: behind the one that refused, or those of the body where that was refused.
 * Limits come after all of them.
 */
function endOf(guard: Guard, all: readonly ReadyPolicy[], { isBounded, problem }: Decisions): number {
  if (guard.refusedBy !== null) return guard.refusedBy.ask === undefined ? all.indexOf(guard.refusedBy) : all.length;
  return isBounded || problem?.slug === 'unbounded-call' ? all.length : guard.set.head.length;
}

function ofPolicy(
  policy: ReadyPolicy,
  guard: Guard,
  hadItsTurn: boolean,
  { asked, granted, problem }: Decisions,
): PolicyTrace[] {
  const { name, type, level, shadow } = policy;
  const own = { policy: name, type, level, shadow };
  const shadowed = guard.shadowed.find((one) => one.policy === policy)?.problem;
  if (shadowed) return [{ ...own, ...limitOf(shadowed), decision: 'would-refuse', problem: shadowed.slug }];
  if (problem !== null && policy === guard.refusedBy) {
    return [{ ...own, ...limitOf(problem), decision: 'refused', problem: problem.slug }];
  }
  const reached = policy.ask === undefined ? hadItsTurn : granted !== null;
  const decision = reached ? 'allowed' : 'not-reached';
  const limits = granted === null || asked === null ? [] : limitsOf(policy, asked, granted);
  return (limits.length === 0 ? [NO_LIMIT] : limits).map((limit) => ({ ...own, ...limit, decision, problem: null }));
}

/** Every limit of a policy, as the store counted it. */
function limitsOf(policy: ReadyPolicy, asked: Asked, granted: NonNullable<Decisions['granted']>): Limit[] {
  const windows = asked.windows.flatMap((one) => {
    const state = one.policy === policy && granted.windows.find(({ window }) => window === one.take.window);
    return state ? [windowLimit(one.limit, one.take.limit - state.remaining)] : [];
  });
  const holds = asked.holds.flatMap((one) => {
    const state = one.policy === policy && granted.nodes.find(({ node }) => node === one.ask.node);
    return state ? [holdLimit(one, state)] : [];
  });
  return [...windows, ...holds];
}

function windowLimit(limit: number, taken: number): Limit {
  return { limit: String(limit), before: String(taken - 1), after: String(taken), unit: 'calls', counter: null };
}

function holdLimit({ limit, ask, told }: AskedHold, state: GrantedNode): Limit {
  const { unit, counter } = told ?? { unit: 'units', counter: null };
  return { ...nodeLimit(state, limit, ask.amount), unit, counter };
}

function nodeLimit({ spent, held }: GrantedNode, limit: bigint, amount: bigint) {
  const after = spent + held;
  return { limit: String(limit), before: String(after - amount), after: String(after), counter: null };
}

/** What a refusal tells of its limit. */
function limitOf({ slug, members = {} }: Problem): Limit {
  const { limit, remaining, unit } = members;
  if (limit === undefined || !/^\d+$/.test(String(limit))) return NO_LIMIT;
  const used = remaining === undefined ? null : String(BigInt(String(limit)) - BigInt(String(remaining)));
  const counts = slug === 'rate-limited' || slug === 'too-many-running' ? 'calls' : 'units';
  const own = { limit: String(limit), before: used, after: used, counter: null };
  return { ...own, unit: unit === 'nano-usd' ? 'nano-usd' : counts };
}
