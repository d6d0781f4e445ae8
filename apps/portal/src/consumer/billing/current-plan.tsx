import { EmptyState, KeyValue, LinkButton, Money, Quantity, QuotaGauge, Section, Timestamp } from '@tollwright/ui';
import { minimumItems } from '../../plan/minimum-item.tsx';
import { ModelPriceTable } from '../../plan/model-price-table.tsx';
import { monthlyFeeNanoUsd, unitPrices } from '../../plan/price-list.ts';
import { perPeriod, rateLimitText, thisPeriod } from '../../plan/words.ts';
import type { CustomerHome, Subscription } from '../outputs.ts';
import { EndSubscription } from './end-subscription.tsx';

export interface CurrentPlanProps {
  readonly subscription: Subscription | undefined;
  readonly quotas: CustomerHome['quotas'];
  readonly mayWrite: boolean;
}

/** What the customer is on: fee, limits, what is left of each quota, prices. */
export function CurrentPlan({ subscription, quotas, mayWrite }: CurrentPlanProps) {
  if (!subscription) {
    return (
      <Section id="plan" title="Your plan" rule={false}>
        <EmptyState title="No plan yet" action={<LinkButton href="#plans">Choose a plan</LinkButton>}>
          A plan decides what calls cost and how many there may be. Until there is one, calls with a key are refused.
        </EmptyState>
      </Section>
    );
  }
  const { plan, version, terms, startedAt } = subscription;
  return (
    <Section
      id="plan"
      title={`Your plan: ${plan.name}`}
      description={
        <>
          Version {version}, since <Timestamp at={startedAt} mode="date" />. You stay on this version until you change.
        </>
      }
      action={mayWrite ? <EndSubscription planName={plan.name} /> : undefined}
      rule={false}
    >
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-2">
        <div className="grid content-start gap-6">
          <Quotas quotas={quotas} />
          <KeyValue
            items={[
              {
                label: 'Monthly fee',
                value: <Money figure="fee" nanoUsd={monthlyFeeNanoUsd(terms.rateCards)} per="a month" />,
              },
              { label: 'Rate limit', value: rateLimitText(terms.rateLimit) },
              ...unitPrices(terms.rateCards).map(({ name, text }) => ({ label: name, value: text })),
              ...minimumItems(terms),
              {
                label: 'Cap of a new key',
                value: (
                  <Money nanoUsd={terms.defaultKeyBudget.limitNanoUsd} per={perPeriod(terms.defaultKeyBudget.period)} />
                ),
              },
              {
                label: 'Most output tokens of a call',
                value: <Quantity value={terms.outputTokensMax} mode="exact" unit="tokens" />,
              },
            ]}
          />
        </div>
        <Prices rateCards={terms.rateCards} />
      </div>
    </Section>
  );
}

function Prices({ rateCards }: { readonly rateCards: Subscription['terms']['rateCards'] }) {
  const perCall = rateCards.some(({ price }) => price.kind !== 'flat');
  if (!perCall) return <p className="text-base text-muted">Calls are not charged for; the quota limits them.</p>;
  return <ModelPriceTable rateCards={rateCards} />;
}

function Quotas({ quotas }: { readonly quotas: CustomerHome['quotas'] }) {
  if (quotas.length === 0) return <p className="text-base text-muted">No quota: as many units as you like.</p>;
  return (
    <ul className="grid gap-5" aria-label="Quotas">
      {quotas.map(({ featureKey, name, period, limit, used, held, endsAt }) => (
        <li key={`${featureKey} ${period}`} data-quota={featureKey}>
          <QuotaGauge
            label={`Quota of ${name}`}
            unit={name.toLowerCase()}
            used={used}
            held={held}
            limit={limit}
            period={
              <>
                {thisPeriod(period)}
                {endsAt === null ? null : (
                  <>
                    , resets{' '}
                    <Timestamp at={endsAt} mode={period === 'month' || period === 'week' ? 'date' : 'datetime'} />
                  </>
                )}
              </>
            }
          />
        </li>
      ))}
    </ul>
  );
}
