import { CsvButton, EmptyState, LinkButton, Section, TextLink } from '@tollwright/ui';
import { hrefWith, param, type SearchParams } from '../../usage/address.ts';
import { MEASURES } from '../../usage/measure.ts';
import { topRows } from '../../usage/top-rows.ts';
import { UsageOverTime } from '../../usage/usage-over-time.tsx';
import { GROUPS, type GroupName, type usageData } from './usage-data.ts';
import { UsageTable } from './usage-table.tsx';

const GROUP_LABELS: Readonly<Record<GroupName, string>> = { agent: 'By agent', model: 'By model', route: 'By route' };

/** Groups shown at first: the calls below stay in reach where there are hundreds. */
const ROWS_MAX = 15;

export interface UsageOverviewProps {
  readonly data: Awaited<ReturnType<typeof usageData>>;
  readonly base: string;
  readonly search: SearchParams;
}

/** One measure over time, and every group in full below it. */
export function UsageOverview({ data: { period, measure, groupBy, series, top }, base, search }: UsageOverviewProps) {
  const path = `${base}/usage`;
  const all = param(search, 'rows') === 'all';
  return (
    <>
      <UsageOverTime
        path={path}
        search={search}
        period={period}
        measures={MEASURES}
        measure={measure}
        groups={GROUPS.map((value) => ({ value, label: GROUP_LABELS[value] }))}
        groupBy={groupBy}
        series={series}
        empty={
          <EmptyState
            title={`Nothing to show in the ${period.label}`}
            action={<LinkButton href={`${base}/docs`}>How to call</LinkButton>}
          >
            Call with an agent&rsquo;s key, choose a longer period, or take a filter away. A call is on this chart
            within 5 seconds.
          </EmptyState>
        }
      />
      {top.groups.length === 0 ? null : (
        <Section
          className="mt-8"
          title={`Every ${groupBy}`}
          description={`All calls of the ${period.label}, to the last digit.`}
          action={<CsvButton filename={`usage-by-${groupBy}-${period.name}`} rows={topRows(top, groupBy)} />}
        >
          <UsageTable
            top={top}
            groupBy={groupBy}
            rowsMax={all ? top.groups.length : ROWS_MAX}
            hrefOf={(key) => `${hrefWith(path, search, { [groupBy]: key || null, cursor: null })}#calls`}
          />
          {top.groups.length > ROWS_MAX ? (
            <p className="mt-3 text-sm text-muted">
              {all ? `All ${top.groups.length} shown.` : `The first ${ROWS_MAX} of ${top.groups.length} shown.`}{' '}
              <TextLink href={hrefWith(path, search, { rows: all ? null : 'all' })} scroll={false}>
                {all ? `Show the first ${ROWS_MAX}` : 'Show all'}
              </TextLink>
            </p>
          ) : null}
        </Section>
      )}
    </>
  );
}
