import type { CreditBalance, Principal } from '@tollwright/contracts';
import { formatUsd, nanoUsd } from '@tollwright/core';
import type { GrantedNode, TakenWindow } from '@tollwright/state';
import type { CompiledApi } from '../snapshot/compiled-api.ts';
import { type Limits, nodeUse, windowUse } from './limits.ts';

/** What the store knows of a key's limits. `windows` are in the order of the limits'. */
export interface Use {
  readonly nodes: readonly GrantedNode[];
  readonly windows: readonly TakenWindow[];
}

/** What a key is told of itself. Money is a decimal string of nano-dollars, units are decimal strings. */
export function meDocument(api: CompiledApi, { key, customer }: Principal, limits: Limits, use: Use, nowMs: number) {
  const plan = api.snapshot.plans.find(({ planVersionId }) => planVersionId === customer.planVersionId);
  const budgets = limits.budgets.map(({ node, period, limitNanoUsd, soft = false }) => {
    const { limit, used, held, remaining, ...rest } = nodeUse({ node, period, limit: limitNanoUsd }, use.nodes, nowMs);
    const amounts = { limitNanoUsd: limit, usedNanoUsd: used, heldNanoUsd: held, remainingNanoUsd: remaining };
    return { node, ...amounts, ...rest, soft };
  });
  const own = budgets.at(-1);
  return {
    api: { apiId: api.snapshot.apiId, name: api.snapshot.apiName },
    livemode: key.livemode,
    key: {
      keyId: key.keyId,
      agentId: key.agentId,
      expiresAt: key.expiresAtMs === null ? null : new Date(key.expiresAtMs).toISOString(),
      scopes: key.scopes ?? [],
    },
    plan: plan && {
      planVersionId: plan.planVersionId,
      key: plan.planKey,
      name: plan.planName ?? plan.planKey,
      version: plan.version,
      outputTokensMax: plan.terms.outputTokensMax,
      minimumNanoUsd: plan.terms.minimumNanoUsd?.toString() ?? null,
    },
    spend: own && {
      spentNanoUsd: own.usedNanoUsd,
      spentUsd: formatUsd(nanoUsd(BigInt(own.usedNanoUsd))),
      period: own.period,
      resetAt: own.resetAt,
    },
    ...(limits.credit === null ? {} : { credit: creditUse(limits.credit, use.nodes, nowMs) }),
    limits: {
      windows: limits.windows.map((window, index) => {
        const taken = use.windows[index];
        if (taken === undefined) throw new Error(`the store left out the window ${window.take.window}`);
        return windowUse(window, taken);
      }),
      quotas: limits.quotas.map((quota) => {
        const { limit, used, held, remaining, ...rest } = nodeUse(quota, use.nodes, nowMs);
        const amounts = { limitUnits: limit, usedUnits: used, heldUnits: held, remainingUnits: remaining };
        return { name: quota.name, node: quota.node, ...amounts, ...rest, shadow: quota.shadow };
      }),
      budgets,
      keptByEachGateway: limits.own.map(({ name, limit, windowSeconds }) => {
        return { name, limitCalls: limit, windowSeconds };
      }),
    },
    prices: plan?.terms.rateCards ?? [],
  };
}

/** What is left of a balance. `paidInNanoUsd` is everything that ever came in, `drawnNanoUsd` everything that calls took. */
export function creditUse({ node, limitNanoUsd }: CreditBalance, nodes: readonly GrantedNode[], nowMs: number) {
  const { limit, used, held, remaining } = nodeUse({ node, period: 'total', limit: limitNanoUsd }, nodes, nowMs);
  return {
    ...{ node, paidInNanoUsd: limit, drawnNanoUsd: used, heldNanoUsd: held, remainingNanoUsd: remaining },
    remainingUsd: formatUsd(nanoUsd(BigInt(remaining))),
  };
}
