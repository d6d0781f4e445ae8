import { Section } from '@tollwright/ui';
import { BudgetPanel } from '../budget/budget-panel.tsx';
import type { CustomerHome } from '../outputs.ts';
import { FullestBudgets } from './fullest-budgets.tsx';

export interface BudgetsProps {
  readonly home: CustomerHome;
  readonly customer: { readonly id: string; readonly name: string };
  readonly base: string;
  readonly mayWrite: boolean;
}

/** The account's own budget, and who is nearest to a limit. */
export function Budgets({ home, customer, base, mayWrite }: BudgetsProps) {
  return (
    <div className="grid gap-x-12 lg:grid-cols-2">
      <Section title="Budget of the whole account" rule={false}>
        <BudgetPanel
          subject="customer"
          subjectId={customer.id}
          name={customer.name}
          budget={home.budgets.find(({ subject }) => subject === 'customer')}
          mayWrite={mayWrite}
          none="There is none yet. A budget here stops all agents together, whatever their own budgets say."
        />
      </Section>
      <Section title="Nearest to their limit" rule={false}>
        <FullestBudgets budgets={home.budgets} base={base} />
      </Section>
    </div>
  );
}
