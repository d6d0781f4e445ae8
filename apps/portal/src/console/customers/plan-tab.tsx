import { Callout, Section, Timestamp } from '@tollwright/ui';
import { type Notice, NoticeTable } from '../../notices/notice-table.tsx';
import { PlanTermsSummary } from '../../plan/plan-terms-summary.tsx';
import type { Budget, Customer, Plan, Subscription } from '../outputs.ts';
import { BudgetsTable } from './budgets-table.tsx';
import { EndSubscription } from './customer-actions.tsx';
import { MoveSubscription } from './move-subscription.tsx';
import { versionChoices } from './version-choices.ts';

export interface PlanTabProps {
  readonly customer: Customer;
  readonly subscription: Subscription | null;
  readonly plans: readonly Plan[];
  readonly budgets: readonly Budget[];
  readonly notices: readonly Notice[];
  /** Of what a budget caps, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly mayWrite: boolean;
}

/** What a customer is on, and what its owners have capped. */
export function PlanTab({ customer, subscription, plans, budgets, notices, names, mayWrite }: PlanTabProps) {
  const current = subscription ? `${subscription.plan.name} version ${subscription.version}` : null;
  const choices = versionChoices(plans, customer.id, subscription?.planVersionId ?? null);
  return (
    <div>
      <Section
        title={current ?? 'No plan'}
        description={
          subscription ? (
            <>
              Since <Timestamp at={subscription.startedAt} mode="date" />.
            </>
          ) : (
            'Its keys are refused until it has one.'
          )
        }
        action={
          subscription && mayWrite ? <EndSubscription customer={customer} planName={subscription.plan.name} /> : null
        }
      >
        {mayWrite ? (
          <div className="mb-5">
            <MoveSubscription customer={customer} choices={choices} current={current} />
          </div>
        ) : null}
        {subscription ? <PlanTermsSummary terms={subscription.terms} /> : null}
      </Section>
      <Section title="Budgets" description="What its owners have capped, with what is spent and held now.">
        {budgets.some(({ now }) => now === null) ? (
          <Callout
            tone="warning"
            className="mb-4"
            title="The counters cannot be read at the moment"
            why="Limits are shown without what is spent."
          />
        ) : null}
        <BudgetsTable budgets={budgets} names={names} />
      </Section>
      <Section title="Limits reached" description="Budgets and quotas, the first time in each period.">
        <NoticeTable notices={notices} />
      </Section>
    </div>
  );
}
