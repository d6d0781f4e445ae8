import type { OfferedTerms } from '@tollwright/contracts';
import { Card, KeyValue, Money } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { minimumItems } from './minimum-item.tsx';
import { ModelPriceTable } from './model-price-table.tsx';
import { monthlyFeeNanoUsd, unitPrices } from './price-list.ts';
import { perPeriod, quotaText, rateLimitText } from './words.ts';

/** Plans side by side: as many as fit, none wider than it can be read. */
export const PLAN_GRID = 'grid gap-5 grid-cols-[repeat(auto-fit,minmax(min(100%,19rem),1fr))] *:max-w-136';

export interface PlanOfferProps {
  readonly plan: { readonly name: string; readonly description: string; readonly terms: OfferedTerms };
  readonly badge?: ReactNode;
  /** What may be done about it. */
  readonly action?: ReactNode;
}

/** A plan on offer: its fee, what it limits, what calls cost. */
export function PlanOffer({ plan: { name, description, terms }, badge, action }: PlanOfferProps) {
  const fee = monthlyFeeNanoUsd(terms.rateCards);
  const units = unitPrices(terms.rateCards);
  const priced = terms.rateCards.some(({ price }) => price.kind !== 'flat');
  return (
    <Card className="flex flex-col">
      <div className="flex items-center justify-between gap-3">
        <h3 className="min-w-0 text-lg font-semibold tracking-tight break-words text-ink">{name}</h3>
        {badge}
      </div>
      {description ? <p className="mt-0.5 text-base text-muted">{description}</p> : null}
      <p className="mt-3 text-2xl font-semibold tracking-tight text-ink">
        <Money nanoUsd={fee} per="a month" />
      </p>
      <KeyValue
        className="mt-4"
        items={[
          { label: 'Rate limit', value: rateLimitText(terms.rateLimit) },
          ...(terms.quotas.length === 0
            ? [{ label: 'Quota', value: 'No limit' }]
            : terms.quotas.map((quota, index) => ({
                label: index === 0 ? 'Quota' : `Quota ${index + 1}`,
                value: quotaText(quota),
              }))),
          ...units.map(({ name: unit, text }) => ({ label: unit, value: text })),
          ...minimumItems(terms),
          ...(priced ? [] : [{ label: 'Calls', value: 'No charge within the limits' }]),
          {
            label: 'Cap of a new key',
            value: (
              <Money nanoUsd={terms.defaultKeyBudget.limitNanoUsd} per={perPeriod(terms.defaultKeyBudget.period)} />
            ),
          },
        ]}
      />
      <div className="mt-4 flex-1">
        <ModelPriceTable rateCards={terms.rateCards} />
      </div>
      {action ? <div className="mt-5">{action}</div> : null}
    </Card>
  );
}
