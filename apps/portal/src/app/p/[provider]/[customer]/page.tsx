import { LinkButton, PageHeader, Section, TextLink } from '@tollwright/ui';
import { TopUpBanner } from '../../../../consumer/billing/top-up-banner.tsx';
import { CallSheet } from '../../../../consumer/calls/call-sheet.tsx';
import { CallsTable } from '../../../../consumer/calls/calls-table.tsx';
import { Budgets } from '../../../../consumer/home/budgets.tsx';
import { homeData } from '../../../../consumer/home/home-data.ts';
import { MonthFigures } from '../../../../consumer/home/month-figures.tsx';
import { nextStep } from '../../../../consumer/home/setup.ts';
import { SetupChecklist } from '../../../../consumer/home/setup-checklist.tsx';
import { Spending } from '../../../../consumer/home/spending.tsx';
import { type PortalParams, portalPage } from '../../../../consumer/portal-page.ts';
import { NoticeTable } from '../../../../notices/notice-table.tsx';
import { hrefWith, type SearchParams } from '../../../../usage/address.ts';
import { KeepFresh } from '../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Home' };

type Props = { readonly params: Promise<PortalParams>; readonly searchParams: Promise<SearchParams> };

/** What the agents spend and what is left: the owner's first look. */
export default async function CustomerHomePage({ params, searchParams }: Props) {
  const { api, customer, provider, base, mayWrite } = await portalPage(params);
  const search = await searchParams;
  const { home, topUps, spending, calls, notices, call, subscription, steps, firstAgent, target } = await homeData(
    api,
    customer.id,
    provider.slug,
    search,
  );
  const toDo = nextStep(steps);
  return (
    <>
      <PageHeader
        title={customer.name}
        description={`What your agents spend at ${provider.name} this month, and what is left.`}
        action={
          <>
            <KeepFresh readAt={new Date().toISOString()} />
            {mayWrite && toDo === null ? (
              <LinkButton href={`${base}/agents/new`} variant="primary">
                Create agent
              </LinkButton>
            ) : null}
          </>
        }
      />
      <TopUpBanner topUps={topUps} />
      {toDo === null ? null : (
        <Section title="Get started" description="Four steps to the first call." rule={false}>
          <SetupChecklist
            steps={steps}
            base={base}
            providerName={provider.name}
            firstAgent={firstAgent}
            target={target}
            mayWrite={mayWrite}
          />
        </Section>
      )}
      <MonthFigures home={home} subscription={subscription} base={base} />
      <Budgets home={home} customer={customer} base={base} mayWrite={mayWrite} />
      {notices.length === 0 ? null : (
        <Section
          title="Limits reached"
          description="Budgets and quotas that were used so far for the first time in their period."
        >
          <NoticeTable notices={notices} />
        </Section>
      )}
      <Spending {...spending} path={base} search={search} target={target} />
      <Section title="Latest calls" action={<TextLink href={`${base}/usage#calls`}>All calls</TextLink>}>
        <CallsTable
          calls={calls}
          hrefOf={({ id }) => hrefWith(base, search, { call: id })}
          selectedId={call?.id}
          empty={<p className="text-base text-muted">No calls yet.</p>}
        />
      </Section>
      {call ? <CallSheet call={call} base={base} closeHref={hrefWith(base, search, { call: null })} /> : null}
    </>
  );
}
