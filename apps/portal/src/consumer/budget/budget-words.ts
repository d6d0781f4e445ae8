import type { Budget, BudgetState } from '../outputs.ts';

type Period = Budget['period'];

/** The periods that a person chooses from; the shorter ones are there for tests and programs. */
export const BUDGET_PERIODS = [
  { value: 'month', label: 'a month' },
  { value: 'week', label: 'a week' },
  { value: 'day', label: 'a day' },
  { value: 'hour', label: 'an hour' },
  { value: 'total', label: 'in total' },
] as const satisfies readonly { readonly value: Period; readonly label: string }[];

/** How much of a budget is spent or held, in hundredths of a percent; a limit of nothing is full. */
export function fullness({
  spentNanoUsd,
  heldNanoUsd,
  limitNanoUsd,
}: Pick<BudgetState, 'spentNanoUsd' | 'heldNanoUsd' | 'limitNanoUsd'>): number {
  const limit = BigInt(limitNanoUsd);
  if (limit === 0n) return 10_000;
  return Number(((BigInt(spentNanoUsd) + BigInt(heldNanoUsd)) * 10_000n) / limit);
}

/** The fullest budgets first; of equally full ones the larger. */
export function fullestFirst(budgets: readonly BudgetState[]): readonly BudgetState[] {
  return [...budgets].sort(
    (a, b) => fullness(b) - fullness(a) || (BigInt(b.limitNanoUsd) > BigInt(a.limitNanoUsd) ? 1 : -1),
  );
}
