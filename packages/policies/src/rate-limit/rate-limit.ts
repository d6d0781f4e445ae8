import { rateLimit } from '@tollwright/contracts';
import type { Problem, RateLimit } from '@tollwright/core';
import { type Effect, secondsUntil, type WindowState } from '../policy.ts';

/** `limit` 1..10,000,000 calls in each fixed window of `windowSeconds` 1..86,400. */
export const rateLimitOptions = rateLimit;

/** The rate-limit policy: how often one subscription may call, over all its keys and all gateways together. */
export interface RateLimitPolicy {
  /** `RateLimit-Policy` field, the same for every call. */
  readonly policyField: string;
  decide(customerId: string): Effect;
  refused(state: Pick<WindowState, 'limit' | 'resetAtMs'>, nowMs: number): Problem;
  /** `RateLimit` field after the store took the call. */
  field(state: WindowState, nowMs: number): string;
}

/** Builds the policy once from a plan's limit. Throws ZodError on values outside the options' range. */
export function createRateLimitPolicy(input: RateLimit): RateLimitPolicy {
  const { limit, windowSeconds } = rateLimitOptions.parse(input);
  return {
    policyField: `"rate";q=${limit};w=${windowSeconds}`,
    decide: (customerId) => ({
      kind: 'take-window',
      take: { window: `rate:${customerId}`, limit, windowSeconds },
    }),
    refused: (state, nowMs) => refusedRate(state, windowSeconds, nowMs),
    field: (state, nowMs) => `"rate";r=${state.remaining};t=${secondsUntil(state.resetAtMs, nowMs)}`,
  };
}

function refusedRate(state: Pick<WindowState, 'limit' | 'resetAtMs'>, windowSeconds: number, nowMs: number): Problem {
  return {
    slug: 'rate-limited',
    detail: `The plan allows ${state.limit} calls in ${windowSeconds} seconds.`,
    members: {
      exhausted: 'rate',
      limit: String(state.limit),
      remaining: '0',
      windowSeconds,
      resetAt: new Date(state.resetAtMs).toISOString(),
    },
    retryAfterSeconds: secondsUntil(state.resetAtMs, nowMs),
  };
}
