import { Figures, Money, PageHeader, Section } from '@tollwright/ui';
import { billingData, takeCard } from '../../../../../consumer/billing/billing-data.ts';
import { Charges } from '../../../../../consumer/billing/charges.tsx';
import { CurrentPlan } from '../../../../../consumer/billing/current-plan.tsx';
import { Offers } from '../../../../../consumer/billing/offers.tsx';
import { OverdueBanner } from '../../../../../consumer/billing/overdue-banner.tsx';
import { CardActions, PauseTopUp } from '../../../../../consumer/billing/top-up-actions.tsx';
import { TopUpBanner } from '../../../../../consumer/billing/top-up-banner.tsx';
import { TopUpForm } from '../../../../../consumer/billing/top-up-form.tsx';
import { OwnersOnly } from '../../../../../consumer/owners-only.tsx';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { CustomerBillingForm } from '../../../../../invoice/customer-billing-form.tsx';
import { InvoicesTable } from '../../../../../invoice/invoices-table.tsx';
import { Upcoming } from '../../../../../invoice/upcoming.tsx';
import { Credit } from '../../../../../plan/credit.tsx';
import { TopUpsSection } from '../../../../../top-up/top-ups.tsx';
import { param, type SearchParams } from '../../../../../usage/address.ts';
import { KeepFresh } from '../../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Plan & billing' };

type Props = { readonly params: Promise<PortalParams>; readonly searchParams: Promise<SearchParams> };

/** What the customer is on, what it costs, and what else there is. */
export default async function BillingPage({ params, searchParams }: Props) {
  const { api, base, customer, provider, mayWrite } = await portalPage(params);
  const session = param(await searchParams, 'card');
  if (session && mayWrite) await takeCard(api, session);
  const data = await billingData(api);
  const { home, subscription, plans, byModel, byRail, credits, grants, topUps, agents, invoices, upcoming } = data;
  const account = await api.customer.get({ customerId: customer.id });
  const isToppedUp = topUps.rules.length > 0 || topUps.card !== null || (credits.prepaid && topUps.takesCards);
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
      <OverdueBanner overdueSince={account.overdueSince} providerName={provider.name} />
      <TopUpBanner topUps={topUps} />
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
            period: 'open invoices, and what is on none yet',
            href: `${base}/billing#invoices`,
          },
        ]}
      />
      <CurrentPlan subscription={subscription} quotas={home.quotas} mayWrite={mayWrite} />
      <Credit credits={credits} grants={grants} />
      {isToppedUp ? (
        <TopUpsSection
          topUps={topUps}
          names={new Map(agents.map(({ id, name }) => [id, name]))}
          {...(mayWrite ? { actionOf: (rule) => <PauseTopUp rule={rule} /> } : {})}
        >
          {mayWrite ? (
            <>
              <CardActions hasCard={topUps.card !== null} />
              <TopUpForm agents={agents} packs={credits.packs} />
            </>
          ) : null}
        </TopUpsSection>
      ) : null}
      <Section
        id="invoices"
        title="Invoices"
        description={`What ${provider.name} asks for: one when a fee is due, and one for each billing cycle that ended.`}
      >
        <InvoicesTable
          invoices={invoices}
          hrefOf={({ id }) => `${base}/billing/${id}`}
          withCustomer={false}
          empty={<p className="text-base text-muted">No invoices yet.</p>}
        />
      </Section>
      <Upcoming upcoming={upcoming} />
      <Section
        id="buyer"
        title="On your invoices"
        description={`How ${provider.name} names you on the next ones. Those that are issued stay as they are.`}
      >
        <CustomerBillingForm
          customerId={customer.id}
          customerName={customer.name}
          billing={await api.customerBilling.get({ customerId: customer.id })}
          rates={null}
          mayWrite={mayWrite}
        />
      </Section>
      <Charges home={home} byModel={byModel} byRail={byRail} providerName={provider.name} />
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
