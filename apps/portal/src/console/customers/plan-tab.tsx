import { Callout, Section, Timestamp } from '@tollwright/ui';
import { type Notice, NoticeTable } from '../../notices/notice-table.tsx';
import { Credit, type CreditGrant, type Credits } from '../../plan/credit.tsx';
import { PlanTermsSummary } from '../../plan/plan-terms-summary.tsx';
import { type TopUpRule, type TopUps, TopUpsSection } from '../../top-up/top-ups.tsx';
import type { Budget, Customer, Plan, Subscription } from '../outputs.ts';
import { BudgetsTable } from './budgets-table.tsx';
import { EndSubscription } from './customer-actions.tsx';
import { GrantCredit } from './grant-credit.tsx';
import { MoveSubscription } from './move-subscription.tsx';
import { StopTopUp } from './stop-top-up.tsx';
import { versionChoices } from './version-choices.ts';

export interface PlanTabProps {
  readonly customer: Customer;
  readonly subscription: Subscription | null;
  readonly plans: readonly Plan[];
  readonly budgets: readonly Budget[];
  readonly notices: readonly Notice[];
  readonly credits: Credits;
  readonly grants: readonly CreditGrant[];
  readonly topUps: TopUps;
  /** Of what a budget caps, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly mayWrite: boolean;
}

/** What a customer is on, and what its owners have capped. */
export function PlanTab(props: PlanTabProps) {
  const { customer, subscription, plans, budgets, notices, credits, grants, topUps, names, mayWrite } = props;
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
      <Credit credits={credits} grants={grants} action={mayWrite ? <GrantCredit customerId={customer.id} /> : null} />
      {topUps.rules.length === 0 && topUps.card === null ? null : (
        <TopUpsSection topUps={topUps} names={names} {...(mayWrite ? { actionOf: stopOf(customer, names) } : {})} />
      )}
      <Section title="Limits reached" description="Budgets and quotas, the first time in each period.">
        <NoticeTable notices={notices} />
      </Section>
    </div>
  );
}

/** The button of a rule that runs. */
function stopOf({ id, name }: Customer, names: ReadonlyMap<string, string>) {
  return (rule: TopUpRule) => {
    if (rule.pausedBy !== null) return null;
    const agentName = rule.agentId === null ? null : (names.get(rule.agentId) ?? rule.agentId);
    return <StopTopUp customerId={id} customerName={name} rule={rule} agentName={agentName} />;
  };
}
