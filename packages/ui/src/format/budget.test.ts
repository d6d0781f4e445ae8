import { describe, expect, it } from 'vitest';
import { budgetShares } from './budget.ts';

describe('budgetShares', () => {
  it.each([
    ['0', '0', '100', 'healthy', 0, 0, 100n],
    ['50', '29', '100', 'healthy', 5000, 2900, 21n],
    ['50', '30', '100', 'attention', 5000, 3000, 20n],
    ['99', '0', '100', 'attention', 9900, 0, 1n],
    ['90', '10', '100', 'exhausted', 9000, 1000, 0n],
    ['120', '40', '100', 'exhausted', 10_000, 0, 0n],
    ['0', '0', '0', 'exhausted', 0, 0, 0n],
  ])('%s spent and %s held of %s is %s', (spent, held, limit, kind, spentPoints, heldPoints, left) => {
    expect(budgetShares(spent, held, limit)).toMatchObject({ kind, spentPoints, heldPoints, left });
  });

  it('never rounds up to used: one nano-dollar left is 99 %', () => {
    expect(budgetShares('4999999999', '0', '5000000000')).toMatchObject({ usedPercent: 99, left: 1n });
  });
});
