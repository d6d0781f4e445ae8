import { Badge, Money, Table, type TableColumn, Timestamp, type Tone } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { Approval } from '../outputs.ts';
import { DecideApproval } from './decide-approval.tsx';
import { RefuseApproval } from './refuse-approval.tsx';

const STATES: Readonly<Record<Approval['state'], { readonly label: string; readonly tone: Tone }>> = {
  asked: { label: 'Waits for you', tone: 'amber' },
  once: { label: 'Approved once', tone: 'green' },
  day: { label: 'Approved for 24 hours', tone: 'green' },
  used: { label: 'Paid', tone: 'neutral' },
  refused: { label: 'Refused', tone: 'red' },
  ended: { label: 'Ended', tone: 'neutral' },
};

export interface ApprovalsTableProps {
  readonly approvals: readonly Approval[];
  readonly mayWrite: boolean;
  readonly empty: ReactNode;
}

/** What agents asked for and what became of it, newest first. */
export function ApprovalsTable({ approvals, mayWrite, empty }: ApprovalsTableProps) {
  const columns: readonly TableColumn<Approval>[] = [
    { key: 'agent', header: 'Agent', cell: ({ agentName }) => <span className="break-words">{agentName}</span> },
    {
      key: 'route',
      header: 'For',
      cell: ({ apiName, route }) => (
        <>
          <span className="font-mono text-xs break-all">{route}</span>{' '}
          <span className="text-xs text-muted">{apiName}</span>
        </>
      ),
    },
    {
      key: 'price',
      header: 'Asked for',
      numeric: true,
      cell: ({ priceNanoUsd }) => <Money nanoUsd={priceNanoUsd} />,
    },
    {
      key: 'limit',
      header: 'Approved up to',
      numeric: true,
      cell: ({ limitNanoUsd }) =>
        limitNanoUsd === null ? <span className="text-faint">–</span> : <Money nanoUsd={limitNanoUsd} />,
    },
    {
      key: 'state',
      header: 'State',
      cell: ({ state }) => <Badge tone={STATES[state].tone}>{STATES[state].label}</Badge>,
    },
    { key: 'at', header: 'Asked', cell: ({ askedAt }) => <Timestamp at={askedAt} /> },
    {
      key: 'ends',
      header: 'Ends',
      cell: ({ expiresAt }) =>
        expiresAt === null ? <span className="text-faint">–</span> : <Timestamp at={expiresAt} />,
    },
    ...(mayWrite
      ? [
          {
            key: 'actions',
            header: 'Actions',
            headerHidden: true,
            numeric: true,
            cell: (approval: Approval) => (
              <span className="inline-flex gap-1">
                {approval.state === 'asked' ? <DecideApproval approval={approval} /> : null}
                {['asked', 'once', 'day'].includes(approval.state) ? <RefuseApproval approval={approval} /> : null}
              </span>
            ),
          },
        ]
      : []),
  ];
  return <Table caption="Approvals" rows={approvals} rowKey={({ id }) => id} columns={columns} empty={empty} />;
}
