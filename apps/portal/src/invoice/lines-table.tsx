import { Money, Quantity, Table, type TableColumn } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { InvoiceLine } from './outputs.ts';
import { periodText } from './period-text.ts';

interface Row extends InvoiceLine {
  readonly key: string;
}

const COLUMNS: readonly TableColumn<Row>[] = [
  { key: 'for', header: 'For', cell: ({ description }) => <span className="break-words">{description}</span> },
  { key: 'period', header: 'Period, UTC', cell: ({ startsAt, endsAt }) => periodText(startsAt, endsAt) },
  {
    key: 'quantity',
    header: 'Quantity',
    numeric: true,
    cell: ({ quantity }) => <Count value={quantity} />,
  },
  {
    key: 'amount',
    header: 'Amount',
    numeric: true,
    cell: ({ amountNanoUsd }) => <Money nanoUsd={amountNanoUsd} />,
  },
];

export interface LinesTableProps {
  readonly lines: readonly InvoiceLine[];
  readonly totalNanoUsd: string;
  readonly empty: ReactNode;
}

/** What an invoice is made of, line by line, to the last digit. */
export function LinesTable({ lines, totalNanoUsd, empty }: LinesTableProps) {
  return (
    <Table
      caption="Lines"
      columns={COLUMNS}
      rows={lines.map((line, index) => ({ ...line, key: `${index}` }))}
      rowKey={({ key }) => key}
      footer={{ for: 'Total', amount: <Money figure="invoice-total" nanoUsd={totalNanoUsd} /> }}
      empty={empty}
    />
  );
}

function Count({ value }: { readonly value: string | null }) {
  if (value !== null) return <Quantity mode="exact" value={value} />;
  return (
    <span className="text-faint">
      <span aria-hidden>–</span>
      <span className="sr-only">None</span>
    </span>
  );
}
