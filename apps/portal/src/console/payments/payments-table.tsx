import { Identifier, Money, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { Payment } from '../outputs.ts';
import { networkName } from './networks.ts';
import { PaymentState } from './payment-state.tsx';

export interface PaymentsTableProps {
  readonly payments: readonly Payment[];
  readonly hrefOf: (payment: Payment) => string;
  readonly selectedId?: string | undefined;
  readonly empty: ReactNode;
}

/** Payments of strangers, newest first. A row opens the payment in full. */
export function PaymentsTable({ payments, hrefOf, selectedId, empty }: PaymentsTableProps) {
  return (
    <Table
      caption="Payments, newest first"
      rows={payments}
      rowKey={(payment) => payment.id}
      rowHref={hrefOf}
      selectedKey={selectedId}
      columns={[
        { key: 'at', header: 'Time', cell: ({ occurredAt }) => <Timestamp at={occurredAt} />, width: '10.5rem' },
        { key: 'payer', header: 'Payer', cell: ({ payer }) => <Identifier value={payer} short /> },
        {
          key: 'route',
          header: 'Route',
          cell: ({ routeName }) => <span className="font-mono text-xs break-all">{routeName}</span>,
        },
        { key: 'network', header: 'Network', cell: ({ network }) => networkName(network) },
        { key: 'state', header: 'State', cell: ({ state }) => <PaymentState state={state} /> },
        {
          key: 'transaction',
          header: 'Transaction',
          cell: ({ transaction }) =>
            transaction === null ? <span className="text-faint">None</span> : <Identifier value={transaction} short />,
        },
        {
          key: 'amount',
          header: 'Amount',
          numeric: true,
          cell: ({ priceNanoUsd }) => <Money nanoUsd={priceNanoUsd} />,
        },
      ]}
      empty={empty}
    />
  );
}
