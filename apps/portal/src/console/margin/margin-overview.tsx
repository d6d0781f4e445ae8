import 'server-only';
import { Callout, CsvButton, EmptyState, FilterBar, LinkButton, Quantity, Section, StackedBars } from '@tollwright/ui';
import type { Caller } from '../../server/caller.ts';
import { choice, param, type SearchParams } from '../../usage/address.ts';
import { ChoicePicker } from '../../usage/choice-picker.tsx';
import { periodOf } from '../../usage/period.ts';
import { PeriodPicker } from '../../usage/period-picker.tsx';
import { LossCalls } from './loss-calls.tsx';
import { MARGIN_HUES, MARGIN_LABELS, marginBuckets } from './margin-buckets.ts';
import { marginRows } from './margin-rows.ts';
import { MarginTable } from './margin-table.tsx';

const GROUPS = ['model', 'customer', 'agent', 'api'] as const;
const GROUP_LABELS = { model: 'Model', customer: 'Customer', agent: 'Agent', api: 'API' } as const;

export interface MarginOverviewProps {
  readonly api: Caller;
  readonly base: string;
  readonly search: SearchParams;
}

/** Revenue, cost and what is left, over time and by group, and the calls that lost most. */
export async function MarginOverview({ api, base, search }: MarginOverviewProps) {
  const { timeZone } = await api.provider.get({});
  const period = periodOf(search, timeZone, Date.now());
  const { from, to, interval } = period;
  const groupBy = choice(search, 'by', GROUPS);
  const ofCustomerId = param(search, 'customer');
  const asked = { from, to, ...(ofCustomerId === undefined ? {} : { ofCustomerId }) };
  const [series, top, worst] = await Promise.all([
    api.margin.series({ ...asked, interval, timeZone }),
    api.margin.top({ ...asked, groupBy, limit: 200 }),
    api.margin.calls({ ...asked, limit: 10 }),
  ]);
  const path = `${base}/margin`;
  const losses = worst.calls.filter(({ marginNanoUsd }) => marginNanoUsd?.startsWith('-'));
  return (
    <>
      <FilterBar end={<PeriodPicker path={path} search={search} current={period.name} />}>
        <ChoicePicker
          label="Group by"
          path={path}
          search={search}
          name="by"
          choices={GROUPS.map((value) => ({ value, label: GROUP_LABELS[value] }))}
          current={groupBy}
        />
      </FilterBar>
      <Uncosted calls={top.total.uncostedCalls} all={top.total.calls} path={path} />
      <StackedBars
        title="Revenue and losses"
        period={period.label}
        measure={{ kind: 'money' }}
        granularity={period.granularity}
        timeZone={period.timeZone}
        buckets={marginBuckets(series.points)}
        labels={MARGIN_LABELS}
        hues={MARGIN_HUES}
        filename={`margin-${period.name}`}
        empty={
          <EmptyState
            title={`Nothing to show in the ${period.label}`}
            action={<LinkButton href={`${path}?view=costs`}>Set what calls cost you</LinkButton>}
          >
            Calls show up here with what they brought in. Say what a call and a model's tokens cost you, and what is
            left of each call is known from then on.
          </EmptyState>
        }
      />
      {top.groups.length > 0 ? (
        <>
          <div className="mt-8">
            <Section
              title={`Every ${groupBy === 'api' ? 'API' : groupBy}`}
              description={`All calls of the ${period.label}. Margin is of the calls whose cost is known.`}
              action={<CsvButton filename={`margin-by-${groupBy}-${period.name}`} rows={marginRows(top, groupBy)} />}
            >
              <MarginTable top={top} groupBy={groupBy} />
            </Section>
          </div>
          <Section title="Calls at a loss" description={`Calls of the ${period.label} that lost most.`}>
            <LossCalls calls={losses} base={base} />
          </Section>
        </>
      ) : null}
    </>
  );
}

function Uncosted({ calls, all, path }: { readonly calls: number; readonly all: number; readonly path: string }) {
  if (calls === 0) return null;
  return (
    <Callout
      tone="warning"
      className="mb-5"
      title={
        <>
          The cost of <Quantity value={calls} unit={{ one: 'call', other: 'calls' }} /> of <Quantity value={all} /> is
          not known
        </>
      }
      why="They are in revenue and in no margin: their model is in no cost table, or there was no table when they came in."
      action={<LinkButton href={`${path}?view=costs`}>Set costs</LinkButton>}
    />
  );
}
