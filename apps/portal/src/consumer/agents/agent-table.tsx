import { Badge, Money, Table, type TableColumn } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { BudgetCell } from '../budget/budget-bar.tsx';
import type { Agent, BudgetState } from '../outputs.ts';

export interface AgentTableProps {
  readonly agents: readonly Agent[];
  readonly base: string;
  readonly projectNames: ReadonlyMap<string, string>;
  /** Charged this month, by agent. */
  readonly spentNanoUsd: ReadonlyMap<string, string>;
  readonly budgets: ReadonlyMap<string, BudgetState>;
  readonly empty: ReactNode;
}

/** Agents with what each spends. A row leads to the agent. */
export function AgentTable({ agents, base, projectNames, spentNanoUsd, budgets, empty }: AgentTableProps) {
  const columns: readonly TableColumn<Agent>[] = [
    { key: 'name', header: 'Agent', cell: (agent) => <span className="break-words">{agent.name}</span> },
    {
      key: 'project',
      header: 'Project',
      cell: ({ projectId }) => (projectId && projectNames.get(projectId)) || <None />,
    },
    { key: 'framework', header: 'Framework', cell: ({ framework }) => framework || <None /> },
    { key: 'keys', header: 'Keys', cell: (agent) => <Keys active={agent.activeKeys} />, width: '7rem' },
    {
      key: 'budget',
      header: 'Budget',
      width: '14rem',
      cell: ({ id }) => {
        const budget = budgets.get(id);
        return budget ? <BudgetCell budget={budget} /> : <span className="text-muted">None of its own</span>;
      },
    },
    {
      key: 'spent',
      header: 'Spent this month',
      numeric: true,
      width: '9rem',
      cell: ({ id }) => <Money nanoUsd={spentNanoUsd.get(id) ?? '0'} mode="compact" />,
    },
  ];
  return (
    <Table
      caption="Agents, newest first"
      columns={columns}
      rows={agents}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `${base}/agents/${id}`}
      empty={empty}
    />
  );
}

function Keys({ active }: { readonly active: number }) {
  return active === 0 ? <Badge tone="amber">No key</Badge> : <span className="tabular">{active} active</span>;
}

function None() {
  return <span className="text-faint">None</span>;
}
