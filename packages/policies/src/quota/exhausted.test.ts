import { describe, expect, it } from 'vitest';
import { type NodeRefusal, UNLIMITED } from '../policy.ts';
import { asksOf, caller, callOf, NOW_MS, readyPolicy } from '../policy-harness.ts';

const base = { name: 'tokens', meters: ['input_tokens', 'output_tokens'], limit: '1000' };
const use = { input_tokens: 300n, output_tokens: 200n, requests: 1n };
const holdOf = (options: Record<string, unknown>, call = callOf()) => {
  const [effect] = asksOf(readyPolicy('quota', { ...base, ...options }), call, use);
  if (effect?.kind !== 'hold') throw new Error('a quota holds');
  return effect;
};
const refusal = (kind: NodeRefusal['kind'], endsAtMs: number | null = NOW_MS + 60_000) => ({
  kind: 'node' as const,
  refusal: {
    kind,
    node: { node: 'n', period: 'day', periodId: 'p', endsAtMs, limit: 1_000n, spent: 900n, held: 60n },
  } as const,
});
const limited = (options: Record<string, unknown>, kind: NodeRefusal['kind'] = 'exhausted') =>
  readyPolicy('quota', { ...base, ...options }).limited?.(refusal(kind), callOf(), NOW_MS);

describe('what a quota holds', () => {
  it('the sum of its meters, and charges what was used of them', () => {
    const hold = holdOf({ period: 'day' });
    expect(hold.ask).toMatchObject({ node: 'quota:api_1:cus_1:tokens', period: 'day', limit: 1_000n, amount: 500n });
    const quantities = [
      { meter: 'input_tokens', quantity: 7n, dimensions: {} },
      { meter: 'requests', quantity: 1n, dimensions: {} },
    ];
    expect(hold.charge?.({ quantities } as never)).toBe(7n);
    expect(hold.charge?.(null)).toBe(0n);
  });

  it.each([
    ['agent', 'quota:api_1:agt_1:tokens'],
    ['key', 'quota:api_1:key_1:tokens'],
  ])('by %s', (by, node) => {
    expect(holdOf({ by }).ask.node).toBe(node);
  });

  it("the billing cycle of the subscription is part of the node's name, so that each counts from nothing", () => {
    const at = (nowMs: number) =>
      holdOf(
        { period: 'billing-cycle' },
        callOf({ nowMs, principal: caller({}, { billingAnchorAtMs: Date.UTC(2026, 0, 15, 9) }) }),
      ).ask;
    expect(at(Date.UTC(2026, 10, 15, 8, 59))).toMatchObject({
      node: 'quota:api_1:cus_1:tokens@2026-10-15T09:00:00.000Z',
      period: 'total',
    });
    expect(at(Date.UTC(2026, 10, 15, 9)).node).toBe('quota:api_1:cus_1:tokens@2026-11-15T09:00:00.000Z');
  });

  it('a subscription without a cycle has calendar months; an anchor of the quota comes first', () => {
    expect(holdOf({ period: 'billing-cycle' }).ask).toMatchObject({
      node: 'quota:api_1:cus_1:tokens',
      period: 'month',
    });
    expect(holdOf({ period: 'billing-cycle', anchor: '2026-01-20T00:00:00.000Z' }).ask.node).toContain('@2026-11-20');
  });

  it('notify asks for no limit, and is announced at it', () => {
    expect(holdOf({ onExhausted: 'notify' })).toMatchObject({
      ask: { limit: UNLIMITED },
      watch: { limit: 1_000n, thresholds: [100] },
    });
  });
});

describe('what becomes of a call beyond a quota', () => {
  it('reject: 429 with what is left, and when it starts again', () => {
    expect(limited({})).toMatchObject({
      kind: 'refused',
      problem: {
        slug: 'quota-exhausted',
        members: { exhausted: 'tokens', limit: '1000', remaining: '40' },
        retryAfterSeconds: 60,
      },
    });
  });

  it('overflow: it may pay for itself once the quota is used up, not while running calls hold the rest', () => {
    expect(limited({ onExhausted: 'overflow' })?.kind).toBe('pay-per-call');
    expect(limited({ onExhausted: 'overflow' }, 'held')).toMatchObject({
      kind: 'refused',
      problem: { slug: 'quota-held', retryAfterSeconds: 1 },
    });
  });

  it('overage: each of its meters has a price', () => {
    expect(limited({ onExhausted: 'overage', overageUsdPerUnit: '0.002' })).toEqual({
      kind: 'overage',
      rateCards: ['input_tokens', 'output_tokens'].map((meter) => ({
        ...{ key: `overage_tokens_${meter}`, name: 'tokens beyond the quota' },
        price: { kind: 'per-unit', meter, usdPerUnit: '0.002' },
      })),
    });
  });

  it('the end of a billing cycle is when it starts again', () => {
    const policy = readyPolicy('quota', { ...base, period: 'billing-cycle', anchor: '2026-01-20T00:00:00.000Z' });
    const early = callOf({ nowMs: NOW_MS });
    expect(policy.limited?.(refusal('exhausted', null), early, NOW_MS)).toMatchObject({
      problem: { members: { resetAt: '2026-12-20T00:00:00.000Z' } },
    });
  });
});
