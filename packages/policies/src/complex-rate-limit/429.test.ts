import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { checkPolicies } from '../check-policies.ts';
import type { NodeState } from '../policy.ts';
import { asksOf, callOf, NOW_MS, readyPolicy } from '../policy-harness.ts';

const options = {
  maxInFlight: 20,
  counters: [
    { name: 'tokens', counts: 'total_tokens', limit: '100000' },
    { name: 'dollars', counts: 'usd', limit: '0.50', period: 'hour' },
    { name: 'pages', counts: 'field', field: 'pages', limit: '7', period: 'day' },
  ],
};
const policy = readyPolicy('complex-rate-limit', options);
const outcome = (fields: Record<string, number | string>, chargedNanoUsd = 0n) => ({
  ...{ status: 200, fields, chargedNanoUsd: nanoUsd(chargedNanoUsd), bytesOut: 9, durationMs: 1 },
});
const state = (node: string, limit: bigint, spent: bigint): NodeState => ({
  ...{ node, period: 'minute', periodId: 'p', endsAtMs: NOW_MS + 30_000, limit, spent, held: 0n },
});

describe('complex-rate-limit 429', () => {
  it('holds a place and one unit of each counter, and charges none of them', () => {
    const asks = asksOf(policy, callOf());
    expect(
      asks.map((effect) => effect.kind === 'hold' && [effect.ask.node, effect.ask.period, effect.ask.limit]),
    ).toEqual([
      ['in-flight:api_1:default:cus_1', 'hour', 20n],
      ['count:api_1:default:tokens:cus_1', 'minute', 100_000n],
      ['count:api_1:default:dollars:cus_1', 'hour', 500_000_000n],
      ['count:api_1:default:pages:cus_1', 'day', 7n],
    ]);
    for (const effect of asks)
      expect(effect.kind === 'hold' && [effect.ask.amount, effect.charge?.(null)]).toEqual([1n, 0n]);
  });

  it('adds what the answer says to every counter at once', () => {
    const effects = policy.observe?.(outcome({ total_tokens: 1_234, pages: 3 }, 7_000_000n), callOf()) ?? [];
    expect(
      effects.map((effect) => effect.kind === 'increment' && [effect.increment.node, effect.increment.amount]),
    ).toEqual([
      ['count:api_1:default:tokens:cus_1', 1_234n],
      ['count:api_1:default:dollars:cus_1', 7_000_000n],
      ['count:api_1:default:pages:cus_1', 3n],
    ]);
  });

  it.each([
    ['nothing', {}],
    ['text', { total_tokens: 'many' }],
    ['less than nothing', { total_tokens: -5 }],
    ['more than a number holds', { total_tokens: 1e300 }],
  ])('an answer that says %s adds nothing', (_what, fields) => {
    expect(policy.observe?.(outcome(fields), callOf())).toEqual([]);
  });

  it('names the counter that is full, and when its period ends', () => {
    const node = state('count:api_1:default:dollars:cus_1', 500_000_000n, 500_000_001n);
    const refusal = { kind: 'node', refusal: { kind: 'exhausted', node } } as const;
    expect(policy.limited?.(refusal, callOf(), NOW_MS)).toMatchObject({
      kind: 'refused',
      problem: {
        slug: 'rate-limited',
        members: { exhausted: 'dollars', remaining: '0', unit: 'nano-usd' },
        retryAfterSeconds: 30,
      },
    });
  });

  it('too many calls in flight are another problem', () => {
    const node = state('in-flight:api_1:default:cus_1', 20n, 0n);
    const refusal = { kind: 'node', refusal: { kind: 'held', node } } as const;
    expect(policy.limited?.(refusal, callOf(), NOW_MS)).toMatchObject({ problem: { slug: 'too-many-running' } });
  });

  it('counts nobody without an account', () => {
    expect(asksOf(policy, callOf({ principal: null }))).toEqual([]);
  });

  it.each([
    ['dollars beyond what a counter holds', { name: 'a', counts: 'usd', limit: '9000001' }],
    ['a limit that is no number', { name: 'a', counts: 'requests', limit: 'ten' }],
  ])('refuses %s', (_what, counter) => {
    const policies = [{ type: 'complex-rate-limit', options: { counters: [counter] }, shadow: false }];
    expect(checkPolicies('api', policies).kind).toBe('invalid');
  });

  it('refuses two counters of one name', () => {
    const counter = { name: 'a', counts: 'requests', limit: '1' };
    const policies = [{ type: 'complex-rate-limit', options: { counters: [counter, counter] }, shadow: false }];
    expect(checkPolicies('api', policies).kind).toBe('invalid');
  });
});
