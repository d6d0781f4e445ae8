import { EmptyState, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import { KeyStatus } from '../../keys/key-status.tsx';
import { metadataLines } from '../agents/metadata.ts';
import { BudgetCell } from '../budget/budget-bar.tsx';
import { BudgetDialog } from '../budget/budget-dialog.tsx';
import type { AgentKey, BudgetState } from '../outputs.ts';
import { KeyNotes } from './key-notes.tsx';
import { RevokeKey } from './revoke-key.tsx';

export interface KeyListProps {
  readonly keys: readonly AgentKey[];
  readonly agentName: string;
  readonly budgets: ReadonlyMap<string, BudgetState>;
  readonly mayWrite: boolean;
}

/** The keys of one agent, revoked ones too. */
export function KeyList({ keys, agentName, budgets, mayWrite }: KeyListProps) {
  const columns: readonly TableColumn<AgentKey>[] = [
    { key: 'name', header: 'Key', cell: (key) => <KeyName of={key} /> },
    { key: 'scopes', header: 'Scopes', cell: ({ scopes }) => <KeyScopes scopes={scopes} /> },
    { key: 'hint', header: 'Begins and ends', cell: (key) => <KeyHint of={key} /> },
    { key: 'status', header: 'Status', cell: ({ status }) => <KeyStatus status={status} /> },
    { key: 'created', header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
    {
      key: 'expires',
      header: 'Expires',
      cell: ({ expiresAt }) =>
        expiresAt === null ? <span className="text-faint">Never</span> : <Timestamp at={expiresAt} mode="date" />,
    },
    {
      key: 'budget',
      header: 'Cap',
      width: '14rem',
      cell: (key) => {
        const budget = budgets.get(key.id);
        return key.status === 'active' && budget ? (
          <BudgetCell budget={budget} />
        ) : (
          <span className="text-faint">None</span>
        );
      },
    },
    {
      key: 'actions',
      header: 'Actions',
      headerHidden: true,
      numeric: true,
      cell: (key) =>
        key.status === 'active' && mayWrite ? (
          <span className="flex justify-end gap-2">
            <KeyNotes of={key} />
            <KeyCap keyOf={key} budget={budgets.get(key.id)} />
            <RevokeKey keyId={key.id} keyName={key.name} agentName={agentName} isLast={isLastActive(keys, key)} />
          </span>
        ) : null,
    },
  ];
  return (
    <Table
      caption={`Keys of ${agentName}`}
      columns={columns}
      rows={keys}
      rowKey={({ id }) => id}
      empty={
        <EmptyState title="No key yet">
          {agentName} calls with a key of its own. It is shown once, capped by default, and can be revoked in under a
          second.
        </EmptyState>
      }
    />
  );
}

function KeyName({ of: { name, metadata } }: { readonly of: AgentKey }) {
  const notes = metadataLines(metadata);
  return (
    <>
      {name}
      {notes.length === 0 ? null : (
        <span className="block text-xs text-muted">
          {notes.map(({ label, value }) => `${label}: ${value}`).join(', ')}
        </span>
      )}
    </>
  );
}

function KeyScopes({ scopes }: Pick<AgentKey, 'scopes'>) {
  if (scopes.length === 0) return <span className="text-faint">None</span>;
  return <code className="font-mono text-xs break-all">{scopes.join(' ')}</code>;
}

function KeyHint({ of: { start, last4 } }: { readonly of: AgentKey }) {
  return (
    <code className="font-mono text-xs">
      {start}…{last4}
    </code>
  );
}

function KeyCap({ keyOf, budget }: { readonly keyOf: AgentKey; readonly budget: BudgetState | undefined }) {
  const current = budget ?? null;
  return <BudgetDialog subject="key" subjectId={keyOf.id} name={`key ${keyOf.name}`} current={current} size="sm" />;
}

function isLastActive(keys: readonly AgentKey[], key: AgentKey): boolean {
  return keys.every((other) => other.id === key.id || other.status !== 'active');
}
