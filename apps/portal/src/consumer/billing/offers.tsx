import { Badge, Section } from '@tollwright/ui';
import { PLAN_GRID, PlanOffer } from '../../plan/plan-offer.tsx';
import type { CustomerHome, Subscription, VisiblePlan } from '../outputs.ts';
import { changeConsequence, subscribeConsequence } from './change-words.ts';
import { ChoosePlan } from './choose-plan.tsx';

export interface OffersProps {
  readonly plans: readonly VisiblePlan[];
  readonly subscription: Subscription | undefined;
  readonly quotas: CustomerHome['quotas'];
  readonly providerName: string;
  readonly mayWrite: boolean;
}

/** Every plan that this customer may be on, each with what choosing it would mean. */
export function Offers({ plans, subscription, quotas, providerName, mayWrite }: OffersProps) {
  return (
    <Section
      id="plans"
      title="Plans"
      description={`What ${providerName} offers you. A published version never changes: you get a new one only by moving to it.`}
    >
      {plans.length === 0 ? (
        <p className="text-base text-muted">{providerName} has not published a plan for you yet. Ask them for one.</p>
      ) : (
        <div className={PLAN_GRID}>
          {plans.map((plan) => {
            const current = plan.planVersionId === subscription?.planVersionId;
            const kind = !subscription ? 'subscribe' : plan.planId === subscription.plan.id ? 'update' : 'change';
            return (
              <PlanOffer
                key={plan.planId}
                plan={plan}
                badge={current ? <Badge tone="blue">Your plan</Badge> : <Badge>Version {plan.version}</Badge>}
                action={
                  !mayWrite || current ? undefined : (
                    <ChoosePlan
                      planId={plan.planId}
                      planName={plan.name}
                      kind={kind}
                      consequence={
                        subscription
                          ? changeConsequence(subscription.terms, plan.terms, quotas)
                          : subscribeConsequence(plan.terms, providerName)
                      }
                    />
                  )
                }
              />
            );
          })}
        </div>
      )}
    </Section>
  );
}
