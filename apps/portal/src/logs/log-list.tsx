import { EmptyState, LinkButton, Pagination } from '@tollwright/ui';
import { hrefWith, param, type SearchParams } from '../usage/address.ts';
import { isFiltered } from './log-filters.ts';
import { LogTable } from './log-table.tsx';
import type { Trace } from './outputs.ts';

export interface LogListProps {
  readonly page: { readonly items: readonly Trace[]; readonly nextCursor: string | null };
  /** The address of the list; a call's explanation is below it. */
  readonly path: string;
  readonly search: SearchParams;
  readonly withCustomer: boolean;
}

/** One page of the log with the steps to the others. */
export function LogList({ page: { items, nextCursor }, path, search, withCustomer }: LogListProps) {
  const cursor = param(search, 'cursor');
  return (
    <>
      <LogTable
        traces={items}
        hrefOf={({ id }) => `${path}/${encodeURIComponent(id)}`}
        withCustomer={withCustomer}
        empty={
          isFiltered(search) ? (
            <EmptyState title="No call matches" action={<LinkButton href={path}>Show all calls</LinkButton>}>
              The filters leave no call. Take one away to see more.
            </EmptyState>
          ) : (
            <EmptyState title="No calls to explain yet">
              Every refused call is listed here within two seconds, with the policy that refused it and how the price
              was worked out.
            </EmptyState>
          )
        }
      />
      {items.length === 0 ? null : (
        <Pagination
          summary={`${items.length} ${items.length === 1 ? 'call' : 'calls'} on this page`}
          previousHref={cursor ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={nextCursor ? hrefWith(path, search, { cursor: nextCursor }) : undefined}
        />
      )}
    </>
  );
}
