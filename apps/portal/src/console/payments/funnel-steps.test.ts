import { describe, expect, it } from 'vitest';
import { funnelRows, funnelSteps } from './funnel-steps.ts';

const figures = {
  ...{ asked: 20, shown: 12, paid: 8, served: 7, underWay: 1, paidNanoUsd: '80000000', settlement: null },
  losses: [
    { step: 'shown' as const, loss: 'expired' as const, count: 2 },
    { step: 'shown' as const, loss: 'in-doubt' as const, count: 1 },
    { step: 'paid' as const, loss: 'not-served' as const, count: 1 },
  ],
  refunds: { count: 0, refundedNanoUsd: '0', waiting: 0, failed: 0 },
};

describe('funnelSteps', () => {
  it('loses between two steps what does not arrive at the next', () => {
    const steps = funnelSteps(figures, (state) => `?state=${state}`);
    expect(steps.map(({ key, count }) => [key, count])).toEqual([
      ['asked', 20],
      ['shown', 12],
      ['paid', 8],
      ['served', 7],
    ]);
    for (const [index, { count, losses }] of steps.slice(0, -1).entries()) {
      const lost = losses.reduce((sum, loss) => sum + loss.count, 0);
      expect(count - lost).toBe(steps[index + 1]?.count);
    }
    expect(steps[1]?.losses.map(({ key, href }) => [key, href])).toEqual([
      ['expired', undefined],
      ['in-doubt', '?state=unknown'],
      ['under-way', undefined],
    ]);
  });

  it('loses nobody where credentials came without a 402', () => {
    const [asked] = funnelSteps({ ...figures, asked: 3 }, () => '');
    expect(asked?.losses).toEqual([]);
  });

  it('is a file with a line for each step and reason', () => {
    expect(funnelRows(funnelSteps(figures, () => ''))).toContainEqual(['Credential shown', 'Expired', 2]);
  });
});
