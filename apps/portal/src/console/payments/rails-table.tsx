import { Money, Quantity, Table } from '@tollwright/ui';
import { railName } from '../../payments/rail-name.ts';
import type { FunnelFigures, PaymentFunnel } from '../outputs.ts';

export interface RailsTableProps {
  readonly rails: PaymentFunnel['rails'];
  readonly total: FunnelFigures;
  readonly hrefOf: (rail: string) => string;
}

/** The funnel of every rail in a row, with what it brought, how fast, and what went back. */
export function RailsTable({ rails, total, hrefOf }: RailsTableProps) {
  return (
    <Table
      caption="Payments by rail"
      rows={rails}
      rowKey={({ rail }) => rail}
      rowHref={({ rail }) => hrefOf(rail)}
      columns={[
        { key: 'rail', header: 'Rail', cell: ({ rail }) => railName(rail) },
        { key: 'asked', header: '402s', numeric: true, cell: (row) => <Quantity value={BigInt(row.asked)} /> },
        { key: 'shown', header: 'Shown', numeric: true, cell: (row) => <Quantity value={BigInt(row.shown)} /> },
        { key: 'paid', header: 'Paid', numeric: true, cell: (row) => <Quantity value={BigInt(row.paid)} /> },
        { key: 'served', header: 'Served', numeric: true, cell: (row) => <Quantity value={BigInt(row.served)} /> },
        {
          key: 'amount',
          header: 'Amount',
          numeric: true,
          cell: (row) => <Money nanoUsd={row.paidNanoUsd} mode="compact" />,
        },
        { key: 'p50', header: 'Settled in, p50', numeric: true, cell: (row) => <Took ms={row.settlement?.p50Ms} /> },
        { key: 'p99', header: 'p99', numeric: true, cell: (row) => <Took ms={row.settlement?.p99Ms} /> },
        { key: 'refunded', header: 'Given back', numeric: true, cell: (row) => <GivenBack refunds={row.refunds} /> },
      ]}
      footer={{
        rail: 'All rails',
        asked: <Quantity value={BigInt(total.asked)} />,
        shown: <Quantity value={BigInt(total.shown)} />,
        paid: <Quantity value={BigInt(total.paid)} />,
        served: <Quantity value={BigInt(total.served)} />,
        amount: <Money nanoUsd={total.paidNanoUsd} mode="compact" />,
        p50: <Took ms={total.settlement?.p50Ms} />,
        p99: <Took ms={total.settlement?.p99Ms} />,
        refunded: <GivenBack refunds={total.refunds} />,
      }}
      empty={null}
    />
  );
}

function Took({ ms }: { readonly ms: number | undefined }) {
  if (ms === undefined) return <span className="text-faint">None</span>;
  return (
    <span className="whitespace-nowrap">{ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`}</span>
  );
}

function GivenBack({ refunds }: { readonly refunds: FunnelFigures['refunds'] }) {
  const { refundedNanoUsd, waiting, failed } = refunds;
  const notes = [waiting === 0 ? '' : `${waiting} waiting`, failed === 0 ? '' : `${failed} failed`].filter(Boolean);
  return (
    <>
      <Money nanoUsd={refundedNanoUsd} mode="compact" />
      {notes.length === 0 ? null : <span className="ml-1.5 whitespace-nowrap text-amber">{notes.join(', ')}</span>}
    </>
  );
}
