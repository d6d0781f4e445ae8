import { Money, Quantity, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { Call } from '../outputs.ts';
import { CallStatus } from './call-status.tsx';

export interface CallsTableProps {
  readonly calls: readonly Call[];
  /** Where a row leads: the same page with the call's sheet open. */
  readonly hrefOf: (call: Call) => string;
  readonly selectedId?: string | undefined;
  /** False where every call is of the same agent. */
  readonly withAgent?: boolean;
  readonly empty: ReactNode;
}

/** Calls, newest first. A row opens the call in full. */
export function CallsTable({ calls, hrefOf, selectedId, withAgent = true, empty }: CallsTableProps) {
  return (
    <Table
      caption="Calls, newest first"
      columns={withAgent ? COLUMNS : COLUMNS.filter(({ key }) => key !== 'agent')}
      rows={calls}
      rowKey={(call) => call.id}
      rowHref={hrefOf}
      selectedKey={selectedId}
      empty={empty}
    />
  );
}

const COLUMNS: readonly TableColumn<Call>[] = [
  { key: 'at', header: 'Time', cell: (call) => <Timestamp at={call.occurredAt} />, width: '11rem' },
  { key: 'agent', header: 'Agent', cell: (call) => <Cut>{call.agentName ?? 'No agent'}</Cut> },
  { key: 'route', header: 'Route', cell: (call) => <Cut mono>{call.routeName}</Cut> },
  { key: 'model', header: 'Model', cell: (call) => call.model ?? <span className="text-faint">None</span> },
  {
    key: 'tokens',
    header: 'Tokens',
    numeric: true,
    cell: (call) => <Quantity value={call.inputTokens + call.outputTokens} />,
  },
  { key: 'status', header: 'Status', cell: (call) => <CallStatus status={call.status} /> },
  { key: 'charged', header: 'Charged', numeric: true, cell: (call) => <Money nanoUsd={call.chargedNanoUsd} /> },
];

function Cut({ mono = false, children }: { readonly mono?: boolean; readonly children: string }) {
  return (
    <span className={`inline-block max-w-56 truncate align-middle ${mono ? 'font-mono text-xs' : ''}`} title={children}>
      {children}
    </span>
  );
}
