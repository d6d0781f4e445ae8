import { describe, expect, it } from 'vitest';
import type { NodeRefusal } from '../policy.ts';
import { createQuotaPolicy } from './quota.ts';

const policy = createQuotaPolicy({
  featureKey: 'tokens',
  meters: ['input_tokens', 'output_tokens'],
  limit: 10_000n,
  period: 'month',
  onExhausted: 'reject',
});
const nowMs = Date.UTC(2026, 10, 24);
const endsAtMs = Date.UTC(2026, 11, 1);
const refusal = (
  kind: NodeRefusal['kind'],
  spent: bigint,
  held: bigint,
  ends: number | null = endsAtMs,
): NodeRefusal => ({
  kind,
  node: {
    node: 'quota:cus_1:tokens',
    period: 'month',
    periodId: '2026-11',
    endsAtMs: ends,
    limit: 10_000n,
    spent,
    held,
  },
});

describe('quota 429', () => {
  it('exhausted: names the feature, what is left, and the end of the period', () => {
    expect(policy.refused(refusal('exhausted', 9_900n, 0n), nowMs)).toMatchObject({
      slug: 'quota-exhausted',
      members: { exhausted: 'tokens', limit: '10000', remaining: '100', resetAt: '2026-12-01T00:00:00.000Z' },
      retryAfterSeconds: 7 * 86_400,
    });
  });

  it('held: running calls may release what they hold, so come back in a second', () => {
    expect(policy.refused(refusal('held', 5_000n, 5_000n), nowMs)).toMatchObject({
      slug: 'quota-held',
      members: { remaining: '0' },
      retryAfterSeconds: 1,
    });
  });

  it('a period that never ends says to look again in an hour', () => {
    expect(policy.refused(refusal('exhausted', 10_000n, 0n, null), nowMs).retryAfterSeconds).toBe(3_600);
  });

  it('holds the sum of its meters, and no other', () => {
    const quantities = [
      { meter: 'input_tokens', quantity: 3n, dimensions: {} },
      { meter: 'output_tokens', quantity: 4n, dimensions: {} },
      { meter: 'requests', quantity: 1n, dimensions: {} },
    ];
    expect(policy.decide('cus_1', quantities)).toEqual({
      kind: 'hold',
      ask: { node: 'quota:cus_1:tokens', kind: 'quota', period: 'month', limit: 10_000n, amount: 7n },
    });
  });
});
