import { describe, expect, it } from 'vitest';
import { createRateLimitPolicy } from './rate-limit.ts';

const policy = createRateLimitPolicy({ limit: 10, windowSeconds: 60 });
const nowMs = 1_800_000_030_000;

describe('rate-limit 429', () => {
  it('says what ran out, the limit, and when the window ends', () => {
    expect(policy.refused({ limit: 10, resetAtMs: nowMs + 29_001 }, nowMs)).toMatchObject({
      slug: 'rate-limited',
      members: { exhausted: 'rate', limit: '10', remaining: '0', resetAt: new Date(nowMs + 29_001).toISOString() },
      retryAfterSeconds: 30,
    });
  });

  it('never says to come back at once', () => {
    expect(policy.refused({ limit: 10, resetAtMs: nowMs - 5 }, nowMs).retryAfterSeconds).toBe(1);
  });

  it('asks for one call of the window of the subscription, whatever its key', () => {
    expect(policy.decide('cus_1')).toEqual({
      kind: 'take-window',
      take: { window: 'rate:cus_1', limit: 10, windowSeconds: 60 },
    });
  });

  it('writes the RateLimit fields', () => {
    const state = { window: 'rate:cus_1', limit: 10, remaining: 4, resetAtMs: nowMs + 30_000 };
    expect([policy.policyField, policy.field(state, nowMs)]).toEqual(['"rate";q=10;w=60', '"rate";r=4;t=30']);
  });

  it('refuses options outside their range when it is built', () => {
    expect(() => createRateLimitPolicy({ limit: 0, windowSeconds: 60 })).toThrow();
  });
});
