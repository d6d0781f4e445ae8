import type { OfferedTerms } from '@tollwright/contracts';
import { KeyValue, Money, Quantity } from '@tollwright/ui';
import { minimumItems } from './minimum-item.tsx';
import { ModelPriceTable } from './model-price-table.tsx';
import { monthlyFeeNanoUsd, unitPrices } from './price-list.ts';
import { perPeriod, quotaText, rateLimitText } from './words.ts';

/** What a plan grants and costs, for whoever decides about it. */
export function PlanTermsSummary({ terms }: { readonly terms: OfferedTerms }) {
  return (
    <div className="grid gap-5">
      <KeyValue
        items={[
          { label: 'Monthly fee', value: <Money nanoUsd={monthlyFeeNanoUsd(terms.rateCards)} per="a month" /> },
          { label: 'Rate limit', value: rateLimitText(terms.rateLimit) },
          ...(terms.quotas.length === 0
            ? [{ label: 'Quota', value: 'No limit' }]
            : terms.quotas.map((quota, index) => ({
                label: index === 0 ? 'Quota' : `Quota ${index + 1}`,
                value: quotaText(quota),
              }))),
          ...unitPrices(terms.rateCards).map(({ name, text }) => ({ label: name, value: text })),
          ...minimumItems(terms),
          ...((terms.prepaid ?? null) === null ? [] : [{ label: 'Calls', value: 'Drawn from prepaid credit' }]),
          ...(terms.prepaid?.packs ?? []).map(({ name, priceNanoUsd, creditNanoUsd }) => ({
            label: `Credit pack ${name}`,
            value: (
              <>
                <Money nanoUsd={creditNanoUsd} /> for <Money nanoUsd={priceNanoUsd} />
              </>
            ),
          })),
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
      <ModelPriceTable rateCards={terms.rateCards} />
    </div>
  );
}
