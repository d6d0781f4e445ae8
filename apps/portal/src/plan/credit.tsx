import type { AppRouter } from '@tollwright/api';
import { Badge, Identifier, Money, Section, Table, type TableColumn, Timestamp } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';
import type { ReactNode } from 'react';
import { CreditLeft, KINDS } from './credit-left.tsx';

type Outputs = inferRouterOutputs<AppRouter>['credit'];
export type Credits = Outputs['balances'];
export type CreditGrant = Outputs['list']['items'][number];
type Balance = Credits['items'][number];

interface Props {
  readonly credits: Credits;
  /** Newest first. */
  readonly grants: readonly CreditGrant[];
  readonly action?: ReactNode;
}

/** What is left of prepaid credit, in the order in which it is used, and what came in. Nothing is shown where the plan draws on none and none ever came. */
export function Credit({ credits, grants, action = null }: Props) {
  if (!credits.prepaid && grants.length === 0 && action === null) return null;
  return (
    <Section
      id="credit"
      title="Credit"
      description={
        credits.prepaid
          ? 'Calls draw on what was paid before. An agent with credit of its own draws on that alone.'
          : 'The plan draws on none of it.'
      }
      action={action}
    >
      <Table
        caption="Balances"
        columns={BALANCES}
        rows={credits.items}
        rowKey={({ agentId, livemode }) => `${agentId} ${livemode}`}
        empty={<p className="text-base text-muted">Nothing was paid in yet.</p>}
      />
      <CreditLeft items={credits.items} />
      {credits.topUpUrls.length === 0 ? null : (
        <p className="my-4 text-base text-muted">
          Agents pay in with their key and <code>POST</code> to{' '}
          {credits.topUpUrls.map((url) => (
            <code key={url} className="break-all">
              {url}?amount=5{' '}
            </code>
          ))}
        </p>
      )}
      {grants.length === 0 ? null : (
        <Table
          caption="What came in and went back"
          columns={GRANTS}
          rows={grants}
          rowKey={({ id }) => id}
          empty={null}
        />
      )}
    </Section>
  );
}

const BALANCES: readonly TableColumn<Balance>[] = [
  {
    key: 'whose',
    header: 'Of',
    cell: ({ agentName, livemode }) => (
      <>
        {agentName ?? 'All agents'} {livemode ? null : <span className="text-faint">test</span>}
      </>
    ),
  },
  { key: 'in', header: 'Paid in', numeric: true, cell: ({ paidInNanoUsd }) => <Money nanoUsd={paidInNanoUsd} /> },
  { key: 'drawn', header: 'Drawn', numeric: true, cell: ({ now }) => amountOf(now?.drawnNanoUsd) },
  { key: 'held', header: 'Held by running calls', numeric: true, cell: ({ now }) => amountOf(now?.heldNanoUsd) },
  { key: 'left', header: 'Left', numeric: true, cell: ({ now }) => amountOf(now?.remainingNanoUsd) },
];

function amountOf(nanoUsd: string | undefined) {
  return nanoUsd === undefined ? <span className="text-faint">not known now</span> : <Money nanoUsd={nanoUsd} />;
}

const SOURCES = {
  payment: 'Paid',
  manual: 'By hand',
  refund: 'Refunded',
  'refund-failed': 'Refund failed',
  expired: 'Expired',
} as const;

const GRANTS: readonly TableColumn<CreditGrant>[] = [
  { key: 'at', header: 'When', cell: ({ createdAt }) => <Timestamp at={createdAt} /> },
  { key: 'what', header: 'What', cell: ({ source, livemode }) => `${SOURCES[source]}${livemode ? '' : ', test'}` },
  {
    key: 'why',
    header: 'How',
    cell: ({ reason, grantedBy, paymentId }) => (
      <>
        {reason ?? grantedBy} {paymentId === null ? null : <Identifier value={paymentId} short />}
      </>
    ),
  },
  { key: 'paid', header: 'Price', numeric: true, cell: ({ paidNanoUsd }) => <Money nanoUsd={paidNanoUsd} /> },
  { key: 'kind', header: 'Kind', cell: ({ kind }) => KINDS[kind] },
  {
    key: 'expires',
    header: 'Expires',
    cell: (grant) => (grant.expiresAt === null ? null : <Timestamp at={grant.expiresAt} mode="date" />),
  },
  { key: 'state', header: 'State', cell: stateOf },
  { key: 'amount', header: 'Credit', numeric: true, cell: ({ amountNanoUsd }) => <Money nanoUsd={amountNanoUsd} /> },
  { key: 'left', header: 'Left', numeric: true, cell: leftOf },
];

function leftOf({ leftNanoUsd }: CreditGrant) {
  return leftNanoUsd === null ? null : <Money nanoUsd={leftNanoUsd} />;
}

/** Nothing is said of what went back. */
function stateOf({ leftNanoUsd, expiresAt }: CreditGrant) {
  if (leftNanoUsd === null) return null;
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) return <Badge>Expired</Badge>;
  return leftNanoUsd === '0' ? <Badge>Used up</Badge> : <Badge tone="green">In use</Badge>;
}
