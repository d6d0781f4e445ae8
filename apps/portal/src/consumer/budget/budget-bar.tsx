import { BudgetGauge, Money } from '@tollwright/ui';
import { perPeriod, thisPeriod } from '../../plan/words.ts';
import type { BudgetState } from '../outputs.ts';

/** A budget as a bar with its figures, for a cell of a table. */
export function BudgetCell({ budget }: { readonly budget: BudgetState }) {
  return (
    <span className="grid gap-1 py-0.5 text-left">
      <span className="text-xs whitespace-nowrap text-muted">
        <Money figure="spent" nanoUsd={budget.spentNanoUsd} mode="compact" className="text-ink" /> of{' '}
        <Money nanoUsd={budget.limitNanoUsd} mode="compact" per={perPeriod(budget.period as 'month')} />
      </span>
      <BudgetBar budget={budget} />
    </span>
  );
}

/** A budget as a bar, where its figures stand beside it. */
export function BudgetBar({ budget }: { readonly budget: BudgetState }) {
  return (
    <BudgetGauge
      barOnly
      label={`Budget of ${budget.name}`}
      spentNanoUsd={budget.spentNanoUsd}
      heldNanoUsd={budget.heldNanoUsd}
      limitNanoUsd={budget.limitNanoUsd}
      period={thisPeriod(budget.period as 'month')}
    />
  );
}
