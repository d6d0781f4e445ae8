import { BudgetGauge, Money, Table } from '@tollwright/ui';
import { perPeriod, thisPeriod } from '../../plan/words.ts';
import type { Budget } from '../outputs.ts';

/** Budgets with how full they are. */
export function BudgetsTable({
  budgets,
  names,
}: {
  readonly budgets: readonly Budget[];
  readonly names: ReadonlyMap<string, string>;
}) {
  const nameOf = (budget: Budget) =>
    names.get(budget.subjectId) ?? (budget.subject === 'customer' ? 'All agents' : budget.subjectId);
  return (
    <Table
      caption="Budgets"
      rows={budgets}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'of',
          header: 'Of',
          cell: (budget) => (
            <>
              <span className="font-medium">{nameOf(budget)}</span>{' '}
              <span className="text-faint">
                {budget.subject === 'customer' ? null : budget.subject}
                {budget.soft ? ' only tells' : null}
              </span>
            </>
          ),
        },
        {
          key: 'limit',
          header: 'Limit',
          numeric: true,
          cell: ({ limitNanoUsd, period }) => <Money nanoUsd={limitNanoUsd} per={perPeriod(period)} />,
        },
        {
          key: 'spent',
          header: 'Spent',
          numeric: true,
          cell: ({ now }) => (now ? <Money nanoUsd={now.spentNanoUsd} mode="compact" /> : 'Unknown'),
        },
        {
          key: 'held',
          header: 'Held',
          numeric: true,
          cell: ({ now }) => (now ? <Money nanoUsd={now.heldNanoUsd} mode="compact" /> : 'Unknown'),
        },
        {
          key: 'gauge',
          header: 'Used',
          width: '12rem',
          cell: (budget) =>
            budget.now ? (
              <BudgetGauge
                barOnly
                label={`Budget of ${nameOf(budget)}`}
                spentNanoUsd={budget.now.spentNanoUsd}
                heldNanoUsd={budget.now.heldNanoUsd}
                limitNanoUsd={budget.limitNanoUsd}
                period={thisPeriod(budget.period)}
              />
            ) : null,
        },
      ]}
      empty={<p className="text-base text-muted">None. Every new key gets the cap of its plan.</p>}
    />
  );
}
