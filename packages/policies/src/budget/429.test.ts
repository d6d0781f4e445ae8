import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import type { NodeRefusal } from '../policy.ts';
import { budgetOptions, createBudgetPolicy } from './budget.ts';

const policy = createBudgetPolicy();
const nowMs = Date.UTC(2026, 10, 24);
const refusal = (kind: NodeRefusal['kind'], endsAtMs: number | null): NodeRefusal => ({
  kind,
  node: {
    ...{ node: 'budget:agt_1', period: 'month', periodId: '2026-11', endsAtMs },
    ...{ limit: 5_000_000_000n, spent: 4_000_000_000n, held: 900_000_000n },
  },
});

describe('budget 429', () => {
  it('exhausted: amounts in the detail are dollars, members are nano-dollars', () => {
    const problem = policy.refused(refusal('exhausted', Date.UTC(2026, 11, 1)), nowMs);
    expect(problem.slug).toBe('budget-exhausted');
    expect(problem.detail).toContain('4.00 of 5.00 USD');
    expect(problem.members).toEqual({
      ...{ exhausted: 'budget:agt_1', limit: '5000000000', remaining: '100000000', unit: 'nano-usd' },
      resetAt: '2026-12-01T00:00:00.000Z',
    });
    expect(problem.retryAfterSeconds).toBe(7 * 86_400);
  });

  it('held: come back in a second', () => {
    expect(policy.refused(refusal('held', null), nowMs)).toMatchObject({ slug: 'budget-held', retryAfterSeconds: 1 });
  });

  it('asks every node on the way for the worst case, owner first', () => {
    const nodes = ['budget:own_1', 'budget:agt_1', 'budget:key_1'].map((node) => ({
      node,
      limitNanoUsd: 9n,
      period: 'total' as const,
    }));
    const asks = policy.decide(nodes, nanoUsd(4n));
    expect(asks.map((effect) => effect.kind === 'hold' && [effect.ask.node, effect.ask.amount])).toEqual([
      ['budget:own_1', 4n],
      ['budget:agt_1', 4n],
      ['budget:key_1', 4n],
    ]);
  });

  it('clamps to at least one token by default', () => {
    expect(budgetOptions.parse({})).toEqual({ outputTokensMin: 1, thresholds: [50, 80, 95, 100] });
    expect(() => budgetOptions.parse({ outputTokensMin: 0 })).toThrow();
  });
});
