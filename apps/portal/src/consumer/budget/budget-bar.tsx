import { BudgetGauge } from '@tollwright/ui';
import { thisPeriod } from '../../plan/words.ts';
import type { BudgetState } from '../outputs.ts';

/** A budget as a bar, for a row. */
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
