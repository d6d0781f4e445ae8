import { Identifier, Money, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { networkName } from '../../payments/networks.ts';
import { railName } from '../../payments/rail-name.ts';
import type { Payment } from '../outputs.ts';
import { Payer } from './payer.tsx';
import { PaymentState } from './payment-state.tsx';
import { StripeLink } from './stripe-link.tsx';

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
        { key: 'payer', header: 'Payer', cell: ({ payer }) => <Payer payer={payer} short /> },
        {
          key: 'route',
          header: 'Route',
          cell: ({ routeName }) => <span className="font-mono text-xs break-all">{routeName}</span>,
        },
        {
          key: 'rail',
          header: 'Paid by',
          cell: ({ rail, network }) => (
            <span className="grid gap-0.5">
              <span>{railName(rail)}</span>
              {rail === 'stripe' ? null : <span className="text-faint">{networkName(network)}</span>}
            </span>
          ),
        },
        { key: 'state', header: 'State', cell: ({ state }) => <PaymentState state={state} /> },
        {
          key: 'transaction',
          header: 'Transaction',
          cell: ({ transaction, dashboardUrl }) =>
            transaction === null ? (
              <span className="text-faint">None</span>
            ) : (
              <span className="grid gap-0.5">
                <Identifier value={transaction} short />
                <StripeLink href={dashboardUrl}>In Stripe</StripeLink>
              </span>
            ),
        },
        {
          key: 'amount',
          header: 'Amount',
          numeric: true,
          cell: ({ priceNanoUsd }) => <Money nanoUsd={priceNanoUsd} />,
        },
        {
          key: 'fee',
          header: 'Rail fee',
          numeric: true,
          cell: ({ feeNanoUsd }) =>
            feeNanoUsd === '0' ? <span className="text-faint">None</span> : <Money nanoUsd={feeNanoUsd} />,
        },
      ]}
      empty={empty}
    />
  );
}
