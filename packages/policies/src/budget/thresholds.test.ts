import { nanoUsd } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { UNLIMITED } from '../policy.ts';
import { createBudgetPolicy } from './budget.ts';
import { createThresholds } from './thresholds.ts';

const watch = { limit: 1_000n, thresholds: [50, 80, 95, 100] };
const use = (used: bigint, periodId = '2026-11') => ({ node: 'budget:b', periodId, used });
const percents = (told: ReturnType<ReturnType<typeof createThresholds>>) => told.map(({ percent }) => percent);

describe('thresholds', () => {
  it('each is told once in a period, with what was used', () => {
    const tell = createThresholds();
    expect(tell(watch, use(499n))).toEqual([]);
    expect(tell(watch, use(500n))).toEqual([
      {
        ...{ kind: 'threshold', id: 'budget:b:2026-11:50', node: 'budget:b', periodId: '2026-11' },
        ...{ percent: 50, limit: '1000', used: '500' },
      },
    ]);
    expect(tell(watch, use(799n))).toEqual([]);
    expect(percents(tell(watch, use(960n)))).toEqual([80, 95]);
    expect(percents(tell(watch, use(1_500n)))).toEqual([100]);
    expect(tell(watch, use(9_000n))).toEqual([]);
  });

  it('begin again with the next period', () => {
    const tell = createThresholds();
    tell(watch, use(1_000n));
    expect(percents(tell(watch, use(600n, '2026-12')))).toEqual([50]);
  });

  it('two processes tell of the same thing under the same id', () => {
    expect(createThresholds()(watch, use(500n))[0]?.id).toBe(createThresholds()(watch, use(510n))[0]?.id);
  });

  it('no thresholds tell of nothing', () => {
    expect(createThresholds()({ limit: 0n, thresholds: [] }, use(5n))).toEqual([]);
  });
});

describe('a soft budget', () => {
  it('counts without a limit', () => {
    const nodes = [{ node: 'budget:b', limitNanoUsd: 5n, period: 'day' as const, soft: true }];
    expect(createBudgetPolicy().decide(nodes, nanoUsd(9n))).toEqual([
      { kind: 'hold', ask: { node: 'budget:b', kind: 'budget', period: 'day', limit: UNLIMITED, amount: 9n } },
    ]);
  });
});
