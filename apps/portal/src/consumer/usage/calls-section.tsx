import { EmptyState, FilterBar, LinkButton, Pagination, Section } from '@tollwright/ui';
import { hrefWith, param, type SearchParams } from '../../usage/address.ts';
import { FilterSelect } from '../../usage/filter-select.tsx';
import { CallsTable } from '../calls/calls-table.tsx';
import type { callsData } from './usage-data.ts';

const STATUSES = [
  { value: 'ok', label: 'Answered well' },
  { value: 'error', label: 'Errors' },
];

export interface CallsSectionProps {
  readonly data: Awaited<ReturnType<typeof callsData>>;
  readonly base: string;
  readonly search: SearchParams;
}

/** Calls one by one, of every period. */
export function CallsSection({ data: { items, nextCursor, call }, base, search }: CallsSectionProps) {
  const path = `${base}/usage`;
  const cursor = param(search, 'cursor');
  const filtered = ['agent', 'model', 'route', 'status'].some((name) => param(search, name) !== undefined);
  const href = (changes: Readonly<Record<string, string | null>>) => `${hrefWith(path, search, changes)}#calls`;
  return (
    <Section
      id="calls"
      title="Calls"
      description="Every forwarded call, newest first, whatever the period above. A refused call costs nothing and is not listed here: Logs say why."
    >
      <FilterBar>
        <FilterSelect label="Status" name="status" emptyLabel="All statuses" options={STATUSES} />
      </FilterBar>
      <CallsTable
        calls={items}
        hrefOf={({ id }) => hrefWith(path, search, { call: id })}
        selectedId={call?.id}
        empty={
          filtered ? (
            <EmptyState title="No call matches" action={<LinkButton href={`${path}#calls`}>Show all calls</LinkButton>}>
              The filters above and here leave no call. Take one away to see more.
            </EmptyState>
          ) : (
            <EmptyState title="No calls yet" action={<LinkButton href={`${base}/docs`}>How to call</LinkButton>}>
              Call with an agent&rsquo;s key; the call is listed here within 5 seconds.
            </EmptyState>
          )
        }
      />
      {items.length === 0 ? null : (
        <Pagination
          summary={`${items.length} ${items.length === 1 ? 'call' : 'calls'} on this page`}
          previousHref={cursor ? href({ cursor: null }) : undefined}
          nextHref={nextCursor ? href({ cursor: nextCursor }) : undefined}
        />
      )}
    </Section>
  );
}
