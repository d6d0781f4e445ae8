import { fieldName, period } from '@tollwright/contracts';
import { NANO_USD_MAX, type Problem, type Quantity, type Quota } from '@tollwright/core';
import { z } from 'zod';
import { type Effect, type NodeRefusal, retryAfterSeconds } from '../policy.ts';

/** A feature with a hard limit: `meters` 1..8 summed, `limit` at most 9*10^15 units in each `period`. */
export const quotaOptions = z.object({
  featureKey: fieldName,
  meters: z.array(fieldName).min(1).max(8),
  limit: z.bigint().min(0n).max(NANO_USD_MAX),
  period,
  onExhausted: z.literal('reject'),
});

/** The quota policy: how much of one feature a subscription may use in a period. */
export interface QuotaPolicy {
  readonly quota: Quota;
  nodeOf(customerId: string): string;
  /** Asks for the worst case of the call. */
  decide(customerId: string, worstCase: readonly Quantity[]): Effect;
  refused(refusal: NodeRefusal, nowMs: number): Problem;
  /** Units that quantities mean for this quota: what was really used. */
  units(quantities: readonly Quantity[]): bigint;
}

/** Builds the policy once from a plan's quota. Throws ZodError on values outside the options' range. */
export function createQuotaPolicy(input: Quota): QuotaPolicy {
  const options: Quota = quotaOptions.parse(input);
  const meters = new Set(options.meters);
  const units = (quantities: readonly Quantity[]): bigint => {
    let sum = 0n;
    for (const { meter, quantity } of quantities) if (meters.has(meter)) sum += quantity;
    return sum;
  };
  const nodeOf = (customerId: string) => `quota:${customerId}:${options.featureKey}`;
  return {
    quota: options,
    nodeOf,
    units,
    decide: (customerId, worstCase) => ({
      kind: 'hold',
      ask: {
        node: nodeOf(customerId),
        kind: 'quota',
        period: options.period,
        limit: options.limit,
        amount: units(worstCase),
      },
    }),
    refused: (refusal, nowMs) => refusedQuota(options, refusal, nowMs),
  };
}

function refusedQuota(options: Quota, { kind, node }: NodeRefusal, nowMs: number): Problem {
  const remaining = node.limit - node.spent - node.held;
  const resetAt = node.endsAtMs === null ? null : new Date(node.endsAtMs).toISOString();
  const held = kind === 'held';
  return {
    slug: held ? 'quota-held' : 'quota-exhausted',
    detail: held
      ? `Running calls hold the rest of ${options.featureKey}; this call may need more than is free.`
      : `${node.spent} of ${node.limit} ${options.featureKey} are used in this ${node.period}; this call may need more than the rest.`,
    members: {
      exhausted: options.featureKey,
      limit: node.limit.toString(),
      remaining: (remaining > 0n ? remaining : 0n).toString(),
      resetAt,
    },
    retryAfterSeconds: retryAfterSeconds(kind, node.endsAtMs, nowMs),
  };
}
