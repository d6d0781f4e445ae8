import type { Principal } from '@tollwright/contracts';
import { formatUsd, type NanoUsd, nanoUsd, type Problem } from '@tollwright/core';
import { z } from 'zod';
import { type Effect, type NodeRefusal, retryAfterSeconds, UNLIMITED } from '../policy.ts';

/** How budgets act on calls and when they are announced. Limits are set on the budgets themselves. */
export const budgetOptions = z.object({
  outputTokensMin: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe('The fewest output tokens that a call is lowered to before it is refused instead.'),
  thresholds: z
    .array(z.int().min(1).max(1_000))
    .max(8)
    .default([50, 80, 95, 100])
    .refine((all) => all.every((percent, at) => at === 0 || percent > (all[at - 1] ?? 0)), 'must grow')
    .describe('Percentages of a budget that are announced, each once in a period.'),
});
export type BudgetOptions = z.output<typeof budgetOptions>;

/** One budget on the way from the owner to a key. */
export type BudgetNode = Principal['key']['budgetNodes'][number];

/** The budget policy: what an owner lets a key spend, at every node from the owner down to the key. */
export interface BudgetPolicy {
  readonly options: BudgetOptions;
  /**
   * Asks every node for the worst-case price; soft ones count and never refuse. A call that costs nothing asks for 0: a
   * spent budget still admits it.
   */
  decide(nodes: readonly BudgetNode[], worstCaseNanoUsd: NanoUsd): Effect[];
  refused(refusal: NodeRefusal, nowMs: number): Problem;
}

/** Builds the policy once. */
export function createBudgetPolicy(options: BudgetOptions = budgetOptions.parse({})): BudgetPolicy {
  return {
    options,
    decide: (nodes, worstCaseNanoUsd) =>
      nodes.map(({ node, period, limitNanoUsd, soft }) => ({
        kind: 'hold',
        ask: { node, kind: 'budget', period, limit: soft ? UNLIMITED : limitNanoUsd, amount: worstCaseNanoUsd },
      })),
    refused: refusedBudget,
  };
}

function refusedBudget({ kind, node }: NodeRefusal, nowMs: number): Problem {
  const held = kind === 'held';
  const rest = node.limit - node.spent - node.held;
  const remaining = rest > 0n ? rest : 0n;
  const spent = `${usd(node.spent)} of ${usd(node.limit)} USD`;
  const members = {
    exhausted: node.node,
    limit: node.limit.toString(),
    remaining: remaining.toString(),
    unit: 'nano-usd',
    resetAt: node.endsAtMs === null ? null : new Date(node.endsAtMs).toISOString(),
  };
  const retry = { retryAfterSeconds: retryAfterSeconds(kind, node.endsAtMs, nowMs) };
  if (held) {
    const detail = `Running calls hold ${usd(node.held)} USD of the budget; this call may cost more than is free.`;
    return { slug: 'budget-held', detail, members, ...retry };
  }
  const detail = `${spent} of the budget are spent; this call may cost more than the rest.`;
  return { slug: 'budget-exhausted', detail, members, ...retry };
}

function usd(amount: bigint): string {
  return formatUsd(nanoUsd(amount));
}
