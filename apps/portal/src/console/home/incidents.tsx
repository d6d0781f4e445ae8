import type { AppRouter } from '@tollwright/api';
import { Identifier, Money, Quantity, Section, Table, type TableColumn, TextLink, Timestamp } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';
import { ResolveIncident } from './resolve-incident.tsx';

export type Incident = inferRouterOutputs<AppRouter>['incident']['list']['items'][number];
type WriteOff = Extract<Incident, { kind: 'write-off' }>;
type SilentGateway = Extract<Incident, { kind: 'silent-gateway' }>;
type Unanswered = Extract<Incident, { kind: 'unanswered-payment' }>;
type Overdrawn = Extract<Incident, { kind: 'overdrawn-credit' }>;
type Untaxed = Extract<Incident, { kind: 'untaxed-payment' }>;
type Loss = Extract<Incident, { kind: 'loss' }>;

interface Props {
  /** Those that nobody has resolved. */
  readonly incidents: readonly Incident[];
  readonly base: string;
  readonly mayWrite: boolean;
}

/** What went wrong and cost somebody something, newest first. Nothing is shown where nothing did. */
export function Incidents({ incidents, base, mayWrite }: Props) {
  if (incidents.length === 0) return null;
  return (
    <Section title="Incidents" description="What went wrong, and what it cost. Resolve what you have looked at.">
      <Table
        caption="Incidents"
        rows={incidents}
        rowKey={({ id }) => id}
        columns={columnsOf(base, mayWrite)}
        empty={null}
      />
    </Section>
  );
}

function columnsOf(base: string, mayWrite: boolean): readonly TableColumn<Incident>[] {
  const resolve: TableColumn<Incident> = {
    key: 'resolve',
    header: '',
    cell: (incident) => <ResolveIncident incidentId={incident.id} about={TITLES[incident.kind]} />,
  };
  return [
    { key: 'at', header: 'When', cell: ({ occurredAt }) => <Timestamp at={occurredAt} /> },
    {
      key: 'customer',
      header: 'Customer',
      cell: ({ customerId, customerName, kind }) =>
        customerId === null ? (
          WITHOUT_CUSTOMER[kind]
        ) : (
          <TextLink href={`${base}/customers/${customerId}`}>{customerName}</TextLink>
        ),
    },
    {
      key: 'what',
      header: 'What happened',
      cell: (incident) => whatHappened(incident, base),
    },
    ...(mayWrite ? [resolve] : []),
  ];
}

const TITLES = {
  'write-off': 'the loss of a gateway',
  'silent-gateway': 'the silence of a gateway',
  'unanswered-payment': 'a payment without an answer',
  'overdrawn-credit': 'credit that was used and paid back',
  'untaxed-payment': 'a payment without its tax',
  loss: 'a day at a loss',
};

const WITHOUT_CUSTOMER = {
  ...{ 'write-off': 'All', 'silent-gateway': 'All' },
  ...{ 'unanswered-payment': 'Stranger', 'overdrawn-credit': 'All', 'untaxed-payment': 'Stranger' },
  loss: 'All',
};

function whatHappened(incident: Incident, base: string) {
  switch (incident.kind) {
    case 'write-off':
      return writtenOff(incident);
    case 'silent-gateway':
      return silent(incident);
    case 'unanswered-payment':
      return unanswered(incident);
    case 'overdrawn-credit':
      return overdrawn(incident);
    case 'untaxed-payment':
      return untaxed(incident, base);
    case 'loss':
      return loss(incident, base);
  }
}

function writtenOff({ detail }: WriteOff) {
  return (
    <>
      A gateway was lost, and nobody knows how <Quantity value={`${detail.holds.length}`} /> of its calls ended. What
      they held counts as spent; usage has no such calls.
      <ul>
        {detail.charges.map(({ node, periodId, amount }) => (
          <li key={`${node} ${periodId}`}>
            {/^(?:budget|credit):/.test(node) ? <Money nanoUsd={amount} mode="compact" /> : <Quantity value={amount} />}{' '}
            <span className="text-faint">
              {node}, {periodId}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function silent({ detail }: SilentGateway) {
  const { spoolId, lastHeardAt, closedAt } = detail;
  return (
    <>
      Nothing was heard of the gateway <Identifier value={spoolId} short /> since <Timestamp at={lastHeardAt} />.{' '}
      {closedAt === null ? (
        'Periods are not closed beyond that moment while it is waited for.'
      ) : (
        <>
          It was closed as lost <Timestamp at={closedAt} />.
        </>
      )}
    </>
  );
}

function unanswered({ detail }: Unanswered) {
  const { paymentId, payer, transaction, priceNanoUsd } = detail;
  return (
    <>
      A payment of <Money nanoUsd={priceNanoUsd} mode="compact" /> was settled, but its call could not be answered. The
      payer was told to ask you.
      <ul className="text-faint">
        <li>
          Payment <Identifier value={paymentId} short />
        </li>
        <li>
          Payer <Identifier value={payer} short />
        </li>
        {transaction !== null && (
          <li>
            Transaction <Identifier value={transaction} short />
          </li>
        )}
      </ul>
    </>
  );
}

function overdrawn({ detail: { missingNanoUsd } }: Overdrawn) {
  return (
    <>
      A payment for credit went back after calls had used <Money nanoUsd={missingNanoUsd} mode="compact" /> of what it
      bought.
    </>
  );
}

function untaxed({ detail: { paymentId, priceNanoUsd, reason } }: Untaxed, base: string) {
  return (
    <>
      <TextLink href={`${base}/payments?payment=${paymentId}`}>A payment</TextLink> of{' '}
      <Money nanoUsd={priceNanoUsd} mode="compact" /> was settled, but Stripe did not calculate its tax ({reason}). Book
      it at Stripe by hand.
    </>
  );
}

function loss({ detail }: Loss, base: string) {
  const { apiName, day, model, livemode, calls, revenueNanoUsd, costNanoUsd } = detail;
  return (
    <>
      On {day} (UTC) <Quantity value={`${calls}`} unit={{ one: 'call', other: 'calls' }} /> of {apiName}
      {model === '' ? '' : ` to ${model}`}
      {livemode ? '' : ' in test mode'} cost you <Money nanoUsd={costNanoUsd} mode="compact" /> and brought in{' '}
      <Money nanoUsd={revenueNanoUsd} mode="compact" />. <TextLink href={`${base}/margin`}>See the margin</TextLink>
    </>
  );
}
