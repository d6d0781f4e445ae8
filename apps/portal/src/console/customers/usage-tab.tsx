import { CsvButton, EmptyState, Section } from '@tollwright/ui';
import type { Caller } from '../../server/caller.ts';
import { choice, type SearchParams } from '../../usage/address.ts';
import { periodOf } from '../../usage/period.ts';
import { topRows } from '../../usage/top-rows.ts';
import { UsageOverTime } from '../../usage/usage-over-time.tsx';
import { UsageTable } from '../usage/usage-table.tsx';

const GROUPS = ['model', 'agent', 'route'] as const;
const MEASURES = ['charged', 'calls', 'tokens'] as const;

export interface UsageTabProps {
  readonly api: Caller;
  readonly customerId: string;
  readonly base: string;
  readonly path: string;
  readonly search: SearchParams;
}

/** What one customer used. */
export async function UsageTab({ api, customerId, base, path, search }: UsageTabProps) {
  const { timeZone } = await api.provider.get({});
  const period = periodOf(search, timeZone, Date.now());
  const groupBy = choice(search, 'by', GROUPS);
  const measure = choice(search, 'measure', MEASURES);
  const { from, to, interval } = period;
  const [series, top] = await Promise.all([
    api.usage.series({ customerId, from, to, interval, timeZone, groupBy, groupsMax: 7 }),
    api.usage.top({ customerId, from, to, groupBy, orderBy: measure, limit: 200 }),
  ]);
  return (
    <>
      <UsageOverTime
        path={path}
        search={search}
        period={period}
        measures={MEASURES}
        measure={measure}
        groups={GROUPS.map((value) => ({ value, label: `By ${value}` }))}
        groupBy={groupBy}
        series={series}
        filePrefix="customer-"
        empty={<EmptyState title={`No calls in the ${period.label}`}>Calls of its agents appear here.</EmptyState>}
      />
      {top.groups.length > 0 ? (
        <div className="mt-8">
          <Section
            title={`Every ${groupBy}`}
            action={<CsvButton filename={`customer-usage-by-${groupBy}-${period.name}`} rows={topRows(top, groupBy)} />}
          >
            <UsageTable top={top} groupBy={groupBy} base={base} customerId={customerId} />
          </Section>
        </div>
      ) : null}
    </>
  );
}
