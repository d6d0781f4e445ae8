import { Money, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { InvoiceState } from './invoice-state.tsx';
import type { InvoiceSummary } from './outputs.ts';

export interface InvoicesTableProps {
  /** Newest first. */
  readonly invoices: readonly InvoiceSummary[];
  readonly hrefOf: (invoice: InvoiceSummary) => string;
  /** Whether each says whose it is. */
  readonly withCustomer: boolean;
  readonly empty: ReactNode;
}

/** Invoices, one a row, each with what is still due. */
export function InvoicesTable({ invoices, hrefOf, withCustomer, empty }: InvoicesTableProps) {
  const columns: readonly TableColumn<InvoiceSummary>[] = [
    { key: 'number', header: 'Number', cell: ({ number }) => <span className="font-mono text-xs">{number}</span> },
    ...(withCustomer
      ? [{ key: 'customer', header: 'Customer', cell: ({ customerName }: InvoiceSummary) => customerName }]
      : []),
    { key: 'state', header: 'State', cell: (invoice) => <InvoiceState invoice={invoice} /> },
    { key: 'issued', header: 'Issued', cell: ({ issuedAt }) => <Timestamp at={issuedAt} mode="date" /> },
    { key: 'due', header: 'Due by', cell: ({ dueAt }) => <Timestamp at={dueAt} mode="date" /> },
    { key: 'total', header: 'Total', numeric: true, cell: ({ totalNanoUsd }) => <Money nanoUsd={totalNanoUsd} /> },
    {
      key: 'left',
      header: 'Still due',
      numeric: true,
      cell: ({ dueNanoUsd }) => <Money nanoUsd={dueNanoUsd} />,
    },
  ];
  return (
    <Table
      caption="Invoices, newest first"
      rows={invoices}
      rowKey={({ id }) => id}
      rowHref={hrefOf}
      columns={columns}
      empty={empty}
    />
  );
}
