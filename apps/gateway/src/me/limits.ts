import type { CreditBalance, Principal } from '@tollwright/contracts';
import { type Period, periodAt, rate } from '@tollwright/core';
import { balanceOf, type NodeAsk, type ReadyPolicy, type Tariff, type WindowTake } from '@tollwright/policies';
import type { GrantedNode, TakenWindow } from '@tollwright/state';
import { type AskedHold, type AskedWindow, askAll } from '../guard/asked.ts';
import { guardOf } from '../guard/guard.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi } from '../snapshot/compiled-api.ts';

type BudgetNode = Principal['key']['budgetNodes'][number];

/** What a call of a key may be asked of: every limit that the store counts, and those that each process keeps. */
export interface Limits {
  readonly windows: readonly { readonly name: string; readonly take: WindowTake; readonly shadow: boolean }[];
  readonly quotas: readonly {
    readonly name: string;
    readonly node: string;
    readonly period: Period;
    readonly limit: bigint;
    /** Of a period that is part of the node's name; undefined where the store knows it. */
    readonly endsAtMs?: number | undefined;
    readonly shadow: boolean;
  }[];
  readonly budgets: readonly BudgetNode[];
  /** What a prepaid plan draws on; null under any other. */
  readonly credit: CreditBalance | null;
  /** Kept by each gateway by itself: their use is known to it alone. */
  readonly own: readonly { readonly name: string; readonly limit: number; readonly windowSeconds: number | null }[];
}

const NOTHING = { quantities: [], rated: rate([], []) };

/** Collects the limits of a key over all routes of an API; a policy that several routes count on one counter is there once. */
export function limitsOf(visit: Visit, api: CompiledApi, principal: Principal, tariff: Tariff | undefined): Limits {
  const { customerId } = principal.customer;
  const windows = new Map<string, Limits['windows'][number]>();
  const quotas = new Map<string, Limits['quotas'][number]>();
  const own = new Map<string, Limits['own'][number]>();
  const plan = tariff?.rateLimit?.decide(customerId);
  if (plan?.kind === 'take-window') windows.set(plan.take.window, { name: 'rate', take: plan.take, shadow: false });
  for (const quota of tariff?.quotas ?? []) {
    const { featureKey, period, limit } = quota.quota;
    const node = quota.nodeOf(customerId);
    quotas.set(node, { name: featureKey, node, period, limit, shadow: false });
  }
  for (const route of api.routes) {
    const guard = guardOf(visit, api, route, principal);
    if (guard === null) continue;
    const asked = askAll(guard, NOTHING);
    for (const window of asked.windows) windows.set(window.take.window, windowOf(window));
    for (const hold of asked.holds) quotas.set(hold.ask.node, quotaOf(hold));
    for (const { policy, effect } of asked.own) own.set(effect.take.key, ownOf(policy, effect));
  }
  return {
    windows: [...windows.values()],
    quotas: [...quotas.values()],
    budgets: principal.key.budgetNodes,
    credit: (tariff?.prepaid ?? null) === null ? null : balanceOf(principal),
    own: [...own.values()],
  };
}

function windowOf({ policy, limit, take }: AskedWindow): Limits['windows'][number] {
  return { name: policy.name, take: { ...take, limit }, shadow: policy.shadow };
}

function quotaOf({ policy, limit, ask, endsAtMs, watch }: AskedHold): Limits['quotas'][number] {
  const { node, period } = ask;
  return { name: policy.name, node, period, limit: watch?.limit ?? limit, endsAtMs, shadow: policy.shadow };
}

function ownOf(policy: ReadyPolicy, { take }: { readonly take: { readonly limit: number } }): Limits['own'][number] {
  const windowSeconds = 'windowSeconds' in take && typeof take.windowSeconds === 'number' ? take.windowSeconds : null;
  return { name: policy.name, limit: take.limit, windowSeconds };
}

/** Amounts of a node, as text. `remaining` is never below zero. */
export interface NodeUse {
  readonly limit: string;
  readonly used: string;
  readonly held: string;
  readonly remaining: string;
  readonly period: Period;
  readonly resetAt: string | null;
}

/** What is used of a limit. A node that nobody has used is not known to the store: its period is taken from `nowMs`. */
export function nodeUse(
  {
    node,
    period,
    limit,
    endsAtMs: ownEndMs,
  }: Pick<NodeAsk, 'node' | 'period' | 'limit'> & { endsAtMs?: number | undefined },
  nodes: readonly GrantedNode[],
  nowMs: number,
): NodeUse {
  const known = nodes.find((one) => one.node === node && one.period === period);
  const { spent = 0n, held = 0n, endsAtMs: storeEndMs = periodAt(period, nowMs).endsAtMs } = known ?? {};
  const endsAtMs = ownEndMs ?? storeEndMs;
  const rest = limit - spent - held;
  return {
    limit: limit.toString(),
    used: spent.toString(),
    held: held.toString(),
    remaining: (rest > 0n ? rest : 0n).toString(),
    period,
    resetAt: endsAtMs === null ? null : new Date(endsAtMs).toISOString(),
  };
}

/** What is used of a window. */
export function windowUse({ name, take, shadow }: Limits['windows'][number], { taken, resetAtMs }: TakenWindow) {
  return {
    name,
    limitCalls: take.limit,
    usedCalls: taken,
    remainingCalls: Math.max(0, take.limit - taken),
    windowSeconds: take.windowSeconds,
    resetAt: new Date(resetAtMs).toISOString(),
    shadow,
  };
}
