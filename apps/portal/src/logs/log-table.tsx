import { Badge, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { tookMs } from './duration.ts';
import type { Trace } from './outputs.ts';
import { resultOf } from './words.ts';

export interface LogTableProps {
  readonly traces: readonly Trace[];
  readonly hrefOf: (trace: Trace) => string;
  /** Whether the calls are of more than one customer. */
  readonly withCustomer: boolean;
  readonly empty: ReactNode;
}

/** Traced calls, newest first. A row leads to its explanation. */
export function LogTable({ traces, hrefOf, withCustomer, empty }: LogTableProps) {
  return (
    <Table
      caption="Traced calls, newest first"
      rows={traces}
      rowKey={({ id }) => id}
      rowHref={hrefOf}
      columns={withCustomer ? COLUMNS : COLUMNS.filter(({ key }) => key !== 'customer')}
      empty={empty}
    />
  );
}

const COLUMNS: readonly TableColumn<Trace>[] = [
  {
    key: 'at',
    header: 'Time',
    cell: ({ occurredAt }) => <Timestamp at={occurredAt} mode="datetime-seconds" />,
    width: '12rem',
  },
  {
    key: 'status',
    header: 'Status',
    cell: ({ status }) => <Badge tone={status < 400 ? 'green' : 'red'}>{status}</Badge>,
    width: '4.5rem',
  },
  {
    key: 'result',
    header: 'Result',
    cell: (trace) => {
      const { tone, words } = resultOf(trace);
      return (
        <span className={tone === 'amber' ? 'text-amber' : tone === 'red' ? 'text-red' : 'text-muted'}>{words}</span>
      );
    },
  },
  {
    key: 'route',
    header: 'Route',
    cell: ({ routeName }) => <span className="font-mono text-xs break-all">{routeName}</span>,
  },
  {
    key: 'customer',
    header: 'Customer',
    cell: ({ customerName }) => customerName ?? <span className="text-faint">Not known</span>,
  },
  {
    key: 'agent',
    header: 'Agent',
    cell: ({ agentName }) => agentName ?? <span className="text-faint">None</span>,
  },
  { key: 'took', header: 'Took', numeric: true, cell: ({ durationMs }) => tookMs(durationMs), width: '5rem' },
];
