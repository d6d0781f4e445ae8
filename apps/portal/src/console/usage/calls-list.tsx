import { EmptyState, Pagination } from '@tollwright/ui';
import type { Caller } from '../../server/caller.ts';
import { foundOrNull } from '../../server/found.ts';
import { hrefWith, param, type SearchParams } from '../../usage/address.ts';
import { CallSheet } from './call-sheet.tsx';
import { CallsTable } from './calls-table.tsx';
import { callsData } from './usage-data.ts';

export interface CallsListProps {
  readonly api: Caller;
  readonly base: string;
  readonly search: SearchParams;
}

/** Calls one by one. */
export async function CallsList({ api, base, search }: CallsListProps) {
  const path = `${base}/usage`;
  const openId = param(search, 'call');
  const [page, open, trace, margin] = await Promise.all([
    callsData(api, search),
    openId ? foundOrNull(api.event.get({ eventId: openId })) : null,
    openId ? foundOrNull(api.trace.get({ traceId: openId })) : null,
    openId ? api.margin.calls({ eventId: openId }) : null,
  ]);
  const named = page.items.find(({ id }) => id === open?.id);
  return (
    <>
      <CallsTable
        calls={page.items}
        hrefOf={({ id }) => hrefWith(path, search, { call: id })}
        selectedId={open?.id}
        empty={
          <EmptyState title="No calls to show">
            Every call that the gateway forwards is listed here within five seconds. Take a filter away to see more.
          </EmptyState>
        }
      />
      {page.items.length > 0 ? (
        <Pagination
          summary={`${page.items.length} ${page.items.length === 1 ? 'call' : 'calls'} on this page`}
          previousHref={param(search, 'cursor') ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={page.nextCursor ? hrefWith(path, search, { cursor: page.nextCursor }) : undefined}
        />
      ) : null}
      {open ? (
        <CallSheet
          call={{ ...named, ...open }}
          base={base}
          margin={margin?.calls[0] ?? null}
          isExplained={trace !== null}
          closeHref={hrefWith(path, search, { call: null })}
        />
      ) : null}
    </>
  );
}
