import type { AppRouter } from '@tollwright/api';
import { Money, Quantity, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';

export type Notice = inferRouterOutputs<AppRouter>['notice']['list']['items'][number];

/** Budgets and quotas that reached a threshold, newest first. */
export function NoticeTable({ notices }: { readonly notices: readonly Notice[] }) {
  return (
    <Table
      caption="Limits reached"
      rows={notices}
      rowKey={({ id }) => id}
      columns={COLUMNS}
      empty={<p className="text-base text-muted">No budget or quota has been half used in its period.</p>}
    />
  );
}

const COLUMNS: readonly TableColumn<Notice>[] = [
  { key: 'at', header: 'When', cell: ({ occurredAt }) => <Timestamp at={occurredAt} /> },
  {
    key: 'of',
    header: 'Of',
    cell: ({ kind, name, subject }) => (
      <>
        <span className="font-medium">{name}</span> <span className="text-faint">{subject ?? kind}</span>
      </>
    ),
  },
  { key: 'percent', header: 'Reached', numeric: true, cell: ({ percent }) => `${percent}%` },
  {
    key: 'used',
    header: 'Used then',
    numeric: true,
    cell: ({ kind, used, limit }) =>
      kind === 'budget' ? (
        <>
          <Money nanoUsd={used} mode="compact" /> of <Money nanoUsd={limit} mode="compact" />
        </>
      ) : (
        <>
          <Quantity value={used} /> of <Quantity value={limit} />
        </>
      ),
  },
  { key: 'period', header: 'Period', cell: ({ periodId }) => periodId },
];
