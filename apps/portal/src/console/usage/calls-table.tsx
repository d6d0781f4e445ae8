import { Badge, Money, Quantity, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { Call } from '../outputs.ts';

export interface CallsTableProps {
  readonly calls: readonly Call[];
  readonly hrefOf: (call: Call) => string;
  readonly selectedId?: string | undefined;
  readonly empty: ReactNode;
}

/** Calls, newest first. A row opens the call in full. */
export function CallsTable({ calls, hrefOf, selectedId, empty }: CallsTableProps) {
  return (
    <Table
      caption="Calls, newest first"
      rows={calls}
      rowKey={(call) => call.id}
      rowHref={hrefOf}
      selectedKey={selectedId}
      columns={[
        { key: 'at', header: 'Time', cell: ({ occurredAt }) => <Timestamp at={occurredAt} />, width: '10.5rem' },
        {
          key: 'agent',
          header: 'Agent',
          cell: ({ agentName, payer, rail }) =>
            agentName ?? (payer === null ? 'None' : rail === 'none' ? 'Access by sign-in' : 'Pay per call'),
        },
        {
          key: 'route',
          header: 'Route',
          cell: ({ routeName }) => <span className="font-mono text-xs break-all">{routeName}</span>,
        },
        { key: 'model', header: 'Model', cell: ({ model }) => model ?? <span className="text-faint">None</span> },
        {
          key: 'tokens',
          header: 'Tokens',
          numeric: true,
          cell: ({ inputTokens, outputTokens }) => <Quantity value={inputTokens + outputTokens} />,
        },
        { key: 'status', header: 'Status', cell: ({ status }) => <CallStatus status={status} /> },
        {
          key: 'took',
          header: 'Took',
          numeric: true,
          cell: ({ durationMs }) => `${Math.round(durationMs)} ms`,
        },
        {
          key: 'charged',
          header: 'Charged',
          numeric: true,
          cell: ({ chargedNanoUsd }) => <Money nanoUsd={chargedNanoUsd} />,
        },
      ]}
      empty={empty}
    />
  );
}

/** How a call was answered. */
export function CallStatus({ status }: { readonly status: number }) {
  return <Badge tone={status < 400 ? 'green' : 'red'}>{status}</Badge>;
}
