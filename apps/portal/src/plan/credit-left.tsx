import { Badge, Money, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import type { Credits } from './credit.tsx';

type Burning = Credits['items'][number]['grants'][number] & { readonly whose: string };

const DAY_MS = 86_400_000;
const SOON_MS = 7 * DAY_MS;

/** What grants have left, in the order in which calls use them. Nothing is shown where nothing is left. */
export function CreditLeft({ items }: Pick<Credits, 'items'>) {
  const rows = items.flatMap(({ agentName, livemode, grants }) => {
    const whose = `${agentName ?? 'All agents'}${livemode ? '' : ', test'}`;
    return grants.map((grant) => ({ ...grant, whose }));
  });
  if (rows.length === 0) return null;
  return (
    <>
      <p className="mt-6 mb-2 text-base text-muted">
        Calls use credit in this order: lower priority first, then what expires soonest, then promotional before paid.
      </p>
      <Table
        caption="What is left, in the order of use"
        columns={columnsOf(items.length > 1)}
        rows={rows}
        rowKey={({ id }) => id}
        empty={null}
      />
    </>
  );
}

function columnsOf(hasMany: boolean): readonly TableColumn<Burning>[] {
  return [
    ...(hasMany ? [{ key: 'whose', header: 'Of', cell: ({ whose }: Burning) => whose }] : []),
    { key: 'kind', header: 'Kind', cell: ({ kind }) => KINDS[kind] },
    { key: 'expires', header: 'Expires', cell: ({ expiresAt }) => <Expiry at={expiresAt} /> },
    { key: 'priority', header: 'Priority', numeric: true, cell: ({ priority }) => priority },
    { key: 'left', header: 'Left', numeric: true, cell: ({ leftNanoUsd }) => <Money nanoUsd={leftNanoUsd} /> },
  ];
}

export const KINDS = { promotional: 'Promotional', paid: 'Paid' } as const;

/** When credit expires, if it does; what does within a week is marked. */
function Expiry({ at }: { readonly at: string | null }) {
  if (at === null) return <span className="text-faint">Never</span>;
  const leftMs = Date.parse(at) - Date.now();
  return (
    <>
      <Timestamp at={at} mode="date" />{' '}
      {leftMs <= 0 ? <Badge>Expired</Badge> : leftMs <= SOON_MS ? <Badge tone="amber">Soon</Badge> : null}
    </>
  );
}
