import { describe, expect, it } from 'vitest';
import type { BudgetState } from '../outputs.ts';
import { fullestFirst, fullness } from './budget-words.ts';

const budget = (name: string, spentNanoUsd: string, limitNanoUsd: string, heldNanoUsd = '0'): BudgetState => ({
  budgetId: name,
  subject: 'agent',
  subjectId: name,
  name,
  limitNanoUsd,
  period: 'month',
  soft: false,
  periodId: '2026-11',
  endsAt: null,
  spentNanoUsd,
  heldNanoUsd,
});

describe('fullness', () => {
  it('counts held money as used', () => {
    expect(fullness(budget('a', '30', '100', '20'))).toBe(5_000);
  });

  it('is full where nothing may be spent', () => {
    expect(fullness(budget('a', '0', '0'))).toBe(10_000);
  });
});

describe('fullestFirst', () => {
  it('orders by share, then by size', () => {
    const order = fullestFirst([budget('small', '5', '10'), budget('full', '9', '10'), budget('large', '50', '100')]);
    expect(order.map(({ name }) => name)).toEqual(['full', 'large', 'small']);
  });
});
