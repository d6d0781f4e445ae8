import { EmptyState, Table, Timestamp } from '@tollwright/ui';
import { KeyStatus } from '../../keys/key-status.tsx';
import type { AgentKey } from '../outputs.ts';
import { RevokeKey } from './revoke-key.tsx';

export interface KeysTableProps {
  readonly customerId: string;
  readonly keys: readonly AgentKey[];
  readonly agentNames: ReadonlyMap<string, string>;
  readonly mayWrite: boolean;
}

/** Keys of a customer's agents. The provider can end each, never see one. */
export function KeysTable({ customerId, keys, agentNames, mayWrite }: KeysTableProps) {
  return (
    <Table
      caption="Keys"
      rows={keys}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', header: 'Key', cell: ({ name }) => <span className="font-medium">{name}</span> },
        { key: 'agent', header: 'Agent', cell: ({ agentId }) => agentNames.get(agentId) ?? 'Unknown agent' },
        {
          key: 'start',
          header: 'Begins and ends',
          cell: ({ start, last4 }) => (
            <span className="font-mono text-xs">
              {start}…{last4}
            </span>
          ),
        },
        { key: 'status', header: 'Status', cell: ({ status }) => <KeyStatus status={status} /> },
        { key: 'created', header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
        ...(mayWrite
          ? [
              {
                key: 'revoke',
                header: 'Revoke',
                headerHidden: true,
                numeric: true,
                cell: (key: AgentKey) =>
                  key.status === 'active' ? (
                    <RevokeKey
                      customerId={customerId}
                      keyId={key.id}
                      keyName={key.name}
                      agentName={agentNames.get(key.agentId) ?? 'The agent'}
                    />
                  ) : null,
              },
            ]
          : []),
      ]}
      empty={<EmptyState title="No keys yet">Its owners create agents and their keys in your portal.</EmptyState>}
    />
  );
}
