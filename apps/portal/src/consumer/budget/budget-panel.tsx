import { BudgetGauge, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { thisPeriod } from '../../plan/words.ts';
import type { BudgetState } from '../outputs.ts';
import { BudgetDialog } from './budget-dialog.tsx';

export interface BudgetPanelProps {
  readonly subject: BudgetState['subject'];
  readonly subjectId: string;
  /** Whose budget: `agent-alpha`. */
  readonly name: string;
  readonly budget: BudgetState | undefined;
  readonly mayWrite: boolean;
  /** What it means that there is none. */
  readonly none: ReactNode;
}

/** A budget in full, with the way to set or change it. */
export function BudgetPanel({ subject, subjectId, name, budget, mayWrite, none }: BudgetPanelProps) {
  const dialog = mayWrite ? (
    <BudgetDialog subject={subject} subjectId={subjectId} name={name} current={budget ?? null} />
  ) : null;
  if (!budget) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="max-w-xl text-base text-muted">{none}</p>
        {dialog}
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      <BudgetGauge
        label={`Budget of ${name}`}
        spentNanoUsd={budget.spentNanoUsd}
        heldNanoUsd={budget.heldNanoUsd}
        limitNanoUsd={budget.limitNanoUsd}
        period={
          <>
            {thisPeriod(budget.period as 'month')}
            {budget.endsAt === null ? null : (
              <>
                , resets <Timestamp at={budget.endsAt} mode={SHORT.has(budget.period) ? 'datetime' : 'date'} />
              </>
            )}
          </>
        }
      />
      {budget.soft ? <p className="text-sm text-muted">Only tells you: calls go on beyond it.</p> : null}
      {dialog ? <div>{dialog}</div> : null}
    </div>
  );
}

const SHORT: ReadonlySet<string> = new Set(['minute', 'hour', 'day']);
