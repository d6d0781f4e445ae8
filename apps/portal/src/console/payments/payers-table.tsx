import { Badge, Money, Quantity, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { railName } from '../../payments/rail-name.ts';
import type { Payers } from '../outputs.ts';
import { Payer } from './payer.tsx';

export interface PayersTableProps {
  readonly payers: Payers;
  readonly hrefOf: (payer: string) => string;
  readonly empty: ReactNode;
}

/** Payers with all that they paid in the period, and their sum. */
export function PayersTable({ payers, hrefOf, empty }: PayersTableProps) {
  const { total } = payers;
  return (
    <Table
      caption="Payers, by what they paid"
      rows={payers.items}
      rowKey={({ payer }) => payer}
      columns={[
        {
          key: 'payer',
          header: 'Payer',
          cell: ({ payer, isOwn }) => (
            <span className="inline-flex flex-wrap items-center gap-2">
              <Payer payer={payer} short href={payer === '' ? undefined : hrefOf(payer)} />
              {isOwn ? <Badge tone="amber">Your own</Badge> : null}
            </span>
          ),
        },
        { key: 'rails', header: 'By', cell: ({ rails }) => rails.map(railName).join('; ') },
        { key: 'first', header: 'First paid', cell: ({ firstAt }) => <Timestamp at={firstAt} mode="date" /> },
        { key: 'last', header: 'Last paid', cell: ({ lastAt }) => <Timestamp at={lastAt} /> },
        {
          key: 'payments',
          header: 'Payments',
          numeric: true,
          cell: ({ payments }) => <Quantity value={BigInt(payments)} />,
        },
        {
          key: 'refunded',
          header: 'Given back',
          numeric: true,
          cell: ({ refundedNanoUsd }) => <Money nanoUsd={refundedNanoUsd} mode="compact" />,
        },
        { key: 'paid', header: 'Paid', numeric: true, cell: ({ paidNanoUsd }) => <Money nanoUsd={paidNanoUsd} /> },
      ]}
      footer={{
        payer: 'All payers',
        payments: <Quantity value={BigInt(total.payments)} />,
        refunded: <Money nanoUsd={total.refundedNanoUsd} mode="compact" />,
        paid: <Money nanoUsd={total.paidNanoUsd} figure="payers-paid" />,
      }}
      empty={empty}
    />
  );
}
