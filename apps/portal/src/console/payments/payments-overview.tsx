import { CsvButton, EmptyState, FilterBar, Funnel, LinkButton, Section } from '@tollwright/ui';
import { railName } from '../../payments/rail-name.ts';
import type { Caller } from '../../server/caller.ts';
import { hrefWith, param, type SearchParams } from '../../usage/address.ts';
import { FilterSelect } from '../../usage/filter-select.tsx';
import { periodOf } from '../../usage/period.ts';
import { PeriodPicker } from '../../usage/period-picker.tsx';
import { funnelRows, funnelSteps } from './funnel-steps.ts';
import { RailsTable } from './rails-table.tsx';
import { UnsettledTable } from './unsettled-table.tsx';

export interface PaymentsOverviewProps {
  readonly api: Caller;
  readonly base: string;
  readonly search: SearchParams;
}

/** From the 402 to the answer, by rail; what is not settled yet; how long settlement takes. */
export async function PaymentsOverview({ api, base, search }: PaymentsOverviewProps) {
  const path = `${base}/payments`;
  const { timeZone } = await api.provider.get({});
  const period = periodOf(search, timeZone, Date.now());
  const { total, rails, unsettled } = await api.payment.funnel({ from: period.from, to: period.to });
  const chosen = rails.find(({ rail }) => rail === param(search, 'rail'));
  const listHref = (changes: Readonly<Record<string, string>>) => hrefWith(path, {}, { view: 'payments', ...changes });
  const steps = funnelSteps(chosen ?? total, (state) => listHref({ state, ...(chosen ? { rail: chosen.rail } : {}) }));
  const of = chosen === undefined ? 'all rails' : railName(chosen.rail);
  return (
    <>
      <FilterBar className="mb-5" end={<PeriodPicker path={path} search={search} current={period.name} />}>
        <FilterSelect
          label="Rail"
          name="rail"
          emptyLabel="All rails"
          options={rails.map(({ rail }) => ({ value: rail, label: railName(rail) }))}
        />
      </FilterBar>
      <Section
        rule={false}
        title="From 402 to answer"
        description={`Calls that had to be paid for in the ${period.label}, ${of}. 402s and refused credentials are counted within two seconds.`}
        action={
          <CsvButton filename={`payment-funnel-${chosen?.rail ?? 'all'}-${period.name}`} rows={funnelRows(steps)} />
        }
      >
        <Funnel
          label={`From 402 to answer, ${of}, ${period.label}`}
          steps={steps}
          empty={
            <EmptyState
              title={`No call had to be paid for in the ${period.label}`}
              action={<LinkButton href={`${base}/apis`}>Price a route</LinkButton>}
            >
              Give a route a price for strangers. An agent without a key is then answered 402 with what it may pay by,
              and how far it gets is counted here.
            </EmptyState>
          }
        />
      </Section>
      {rails.length > 0 ? (
        <Section
          title="By rail"
          description={`Settlement is timed from the moment a payment was found good until it was known to be settled; where your API is asked first, its answer is in that time. ${period.label.replace(/^./, (letter) => letter.toUpperCase())}.`}
        >
          <RailsTable rails={rails} total={total} hrefOf={(rail) => hrefWith(path, search, { rail })} />
        </Section>
      ) : null}
      <Section
        title="Not settled yet"
        description="What is claimed now, and neither in your wallet nor given up. You have served, or are serving, these calls on trust."
      >
        <UnsettledTable unsettled={unsettled} hrefOf={(rail) => listHref({ rail })} />
      </Section>
    </>
  );
}
