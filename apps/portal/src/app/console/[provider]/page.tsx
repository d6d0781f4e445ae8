import { LinkButton, PageHeader, Section, TextLink } from '@tollwright/ui';
import { consolePage } from '../../../console/console-page.ts';
import { HomeChart } from '../../../console/home/home-chart.tsx';
import { homeData } from '../../../console/home/home-data.ts';
import { HomeFigures } from '../../../console/home/home-figures.tsx';
import { Incidents } from '../../../console/home/incidents.tsx';
import { Rankings } from '../../../console/home/rankings.tsx';
import { SetupChecklist } from '../../../console/home/setup-checklist.tsx';
import { PaymentsTable } from '../../../console/payments/payments-table.tsx';
import type { SearchParams } from '../../../usage/address.ts';
import { KeepFresh } from '../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Home' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

/** What the APIs earned, and who called them. */
export default async function ConsoleHomePage({ params, searchParams }: Props) {
  const { api, provider, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const data = await homeData(api, search);
  const { home, period, payments, incidents, steps } = data;
  const called = steps.some(({ key, done }) => key === 'call' && done);
  return (
    <>
      <PageHeader
        title={provider.name}
        description="What your APIs earned, and who called them."
        action={
          <>
            <KeepFresh readAt={new Date().toISOString()} />
            {mayWrite && steps.every((step) => step.done) ? (
              <LinkButton href={`${base}/plans/new`} variant="primary">
                Create plan
              </LinkButton>
            ) : null}
          </>
        }
      />
      <SetupChecklist steps={steps} base={base} mayWrite={mayWrite} />
      <HomeFigures home={home} period={period} base={base} />
      <Incidents incidents={incidents} base={base} mayWrite={mayWrite} />
      {called ? (
        <>
          <HomeChart {...data} path={base} search={search} />
          <Rankings {...data} base={base} />
          <Section title="Latest payments" action={<TextLink href={`${base}/payments`}>All payments</TextLink>}>
            <PaymentsTable
              payments={payments}
              hrefOf={({ id }) => `${base}/payments?payment=${encodeURIComponent(id)}`}
              empty={
                <p className="text-base text-muted">
                  None yet. Set a price for strangers on a route, and agents without a key pay for each call.
                </p>
              }
            />
          </Section>
        </>
      ) : null}
    </>
  );
}
