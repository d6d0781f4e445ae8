import { Section } from '@tollwright/ui';
import { PLAN_GRID, PlanOffer } from '../../plan/plan-offer.tsx';
import type { Storefront } from '../outputs.ts';

/** The plans that anybody may take. */
export function StorefrontPlans({ plans, name }: { readonly plans: Storefront['plans']; readonly name: string }) {
  return (
    <Section
      id="plans"
      title="Plans"
      description="Choose one after signing up. You stay on the version you took until you move."
    >
      {plans.length === 0 ? (
        <p className="text-base text-muted">{name} has no public plan. Ask them for one of your own.</p>
      ) : (
        <div className={PLAN_GRID}>
          {plans.map((plan) => (
            <PlanOffer key={plan.planId} plan={plan} />
          ))}
        </div>
      )}
    </Section>
  );
}
