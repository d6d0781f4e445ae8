import { Link, Money } from '@tollwright/ui';
import { perPeriod } from '../../plan/words.ts';
import { BudgetBar } from '../budget/budget-bar.tsx';
import { fullestFirst } from '../budget/budget-words.ts';
import type { BudgetState } from '../outputs.ts';

const SHOWN_MAX = 5;

/** The agents and projects that are nearest to their limit. */
export function FullestBudgets({ budgets, base }: { readonly budgets: readonly BudgetState[]; readonly base: string }) {
  const shown = fullestFirst(budgets.filter(({ subject }) => subject === 'agent' || subject === 'project')).slice(
    0,
    SHOWN_MAX,
  );
  if (shown.length === 0) {
    return <p className="text-base text-muted">No agent has a budget of its own. Set one on an agent&rsquo;s page.</p>;
  }
  return (
    <ol className="divide-y divide-line border-y border-line text-sm">
      {shown.map((budget) => (
        <li key={budget.budgetId} className="relative py-2.5">
          <div className="mb-1.5 flex items-baseline justify-between gap-4">
            <Link
              href={
                budget.subject === 'agent'
                  ? `${base}/agents/${budget.subjectId}`
                  : `${base}/agents?project=${budget.subjectId}`
              }
              className="min-w-0 truncate rounded-sm font-medium text-ink before:absolute before:inset-0 hover:underline"
            >
              {budget.name}
            </Link>
            <span className="shrink-0 text-muted">
              <Money nanoUsd={budget.spentNanoUsd} mode="compact" className="text-ink" /> of{' '}
              <Money nanoUsd={budget.limitNanoUsd} mode="compact" per={perPeriod(budget.period as 'month')} />
            </span>
          </div>
          <BudgetBar budget={budget} />
        </li>
      ))}
    </ol>
  );
}
