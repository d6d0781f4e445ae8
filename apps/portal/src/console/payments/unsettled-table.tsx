import { Money, Quantity, Table, Timestamp } from '@tollwright/ui';
import { railName } from '../../payments/rail-name.ts';
import type { PaymentFunnel } from '../outputs.ts';

export interface UnsettledTableProps {
  readonly unsettled: PaymentFunnel['unsettled'];
  readonly hrefOf: (rail: string) => string;
}

/** What is claimed and not settled, by rail. */
export function UnsettledTable({ unsettled, hrefOf }: UnsettledTableProps) {
  return (
    <Table
      caption="Not settled yet, by rail"
      rows={unsettled}
      rowKey={({ rail }) => rail}
      rowHref={({ rail }) => hrefOf(rail)}
      columns={[
        { key: 'rail', header: 'Rail', cell: ({ rail }) => railName(rail) },
        { key: 'count', header: 'Payments', numeric: true, cell: ({ count }) => <Quantity value={BigInt(count)} /> },
        {
          key: 'amount',
          header: 'At stake',
          numeric: true,
          cell: ({ amountNanoUsd }) => <Money nanoUsd={amountNanoUsd} />,
        },
        {
          key: 'oldest',
          header: 'Oldest',
          numeric: true,
          cell: ({ oldestAt }) => <Oldest at={oldestAt} />,
        },
      ]}
      empty={<p className="text-base text-muted">Nothing: every payment is settled, or given up.</p>}
    />
  );
}

const LONG_MS = 10 * 60_000;

/** Settlement takes seconds: what takes minutes wants a look. */
function Oldest({ at }: { readonly at: string }) {
  const isLong = Date.now() - Date.parse(at) > LONG_MS;
  return <Timestamp at={at} mode="relative" className={isLong ? 'font-medium text-amber' : ''} />;
}
