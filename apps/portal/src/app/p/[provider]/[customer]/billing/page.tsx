import { Figures, Money, PageHeader } from '@tollwright/ui';
import { billingData } from '../../../../../consumer/billing/billing-data.ts';
import { Charges } from '../../../../../consumer/billing/charges.tsx';
import { CurrentPlan } from '../../../../../consumer/billing/current-plan.tsx';
import { Offers } from '../../../../../consumer/billing/offers.tsx';
import { OwnersOnly } from '../../../../../consumer/owners-only.tsx';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { KeepFresh } from '../../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Plan & billing' };

type Props = { readonly params: Promise<PortalParams> };

/** What the customer is on, what it costs, and what else there is. */
export default async function BillingPage({ params }: Props) {
  const { api, base, provider, mayWrite } = await portalPage(params);
  const { home, subscription, plans, byModel } = await billingData(api);
  return (
    <>
      <PageHeader
        title="Plan & billing"
        description={`What ${provider.name} grants you, what it costs, and what this month comes to.`}
        action={
          <>
            <KeepFresh readAt={new Date().toISOString()} />
            {mayWrite ? null : <OwnersOnly can="change the plan" />}
          </>
        }
      />
      <Figures
        label="Amounts"
        className="mb-8"
        items={[
          {
            label: 'Charged for calls',
            value: <Money figure="charged" nanoUsd={home.chargedNanoUsd} mode="compact" />,
            period: 'this month, UTC',
            href: `${base}/billing#charges`,
          },
          {
            label: 'Plan fees',
            value: <Money figure="fees" nanoUsd={home.feesNanoUsd} mode="compact" />,
            period: 'posted this month, UTC',
            href: `${base}/billing#charges`,
          },
          {
            label: 'Owed in all',
            value: <Money figure="owed" nanoUsd={home.owedNanoUsd} mode="compact" />,
            period: 'fees and calls so far; not collected in this release',
            href: `${base}/billing#charges`,
          },
        ]}
      />
      <CurrentPlan subscription={subscription} quotas={home.quotas} mayWrite={mayWrite} />
      <Charges home={home} byModel={byModel} providerName={provider.name} />
      <Offers
        plans={plans}
        subscription={subscription}
        quotas={home.quotas}
        providerName={provider.name}
        mayWrite={mayWrite}
      />
    </>
  );
}
