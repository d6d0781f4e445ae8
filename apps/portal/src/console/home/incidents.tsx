import type { AppRouter } from '@tollwright/api';
import { Money, Quantity, Section, Table, type TableColumn, TextLink, Timestamp } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';

export type Incident = inferRouterOutputs<AppRouter>['incident']['list']['items'][number];

type WriteOff = Extract<Incident, { readonly kind: 'write-off' }>;
type Unanswered = Extract<Incident, { readonly kind: 'unanswered-payment' }>;

/** What went wrong and cost somebody something, newest first. Nothing is shown where nothing did. */
export function Incidents({ incidents, base }: { readonly incidents: readonly Incident[]; readonly base: string }) {
  const writeOffs = incidents.filter((one): one is WriteOff => one.kind === 'write-off');
  const unanswered = incidents.filter((one): one is Unanswered => one.kind === 'unanswered-payment');
  return (
    <>
      {writeOffs.length > 0 && (
        <Section
          title="Incidents"
          description="A gateway was lost, and nobody knows how its calls ended. What they held counts as spent in their limits; usage has no such calls."
        >
          <Table caption="Incidents" rows={writeOffs} rowKey={({ id }) => id} columns={columnsOf(base)} empty={null} />
        </Section>
      )}
      {unanswered.length > 0 && (
        <Section
          title="Payments without an answer"
          description="These payments were settled, but their calls could not be answered: a gateway ended in the middle, or learned too late that the payment had settled. The payers were told to ask you."
        >
          <Table
            caption="Payments without an answer"
            rows={unanswered}
            rowKey={({ id }) => id}
            columns={UNANSWERED_COLUMNS}
            empty={null}
          />
        </Section>
      )}
    </>
  );
}

const UNANSWERED_COLUMNS: readonly TableColumn<Unanswered>[] = [
  { key: 'at', header: 'When', cell: ({ occurredAt }) => <Timestamp at={occurredAt} /> },
  { key: 'payment', header: 'Payment', cell: ({ detail }) => <code>{detail.paymentId}</code> },
  { key: 'payer', header: 'Payer', cell: ({ detail }) => <code>{detail.payer}</code> },
  { key: 'transaction', header: 'Transaction', cell: ({ detail }) => <code>{detail.transaction ?? ''}</code> },
  {
    key: 'price',
    header: 'Paid',
    numeric: true,
    cell: ({ detail }) => <Money nanoUsd={detail.priceNanoUsd} mode="compact" />,
  },
];

function columnsOf(base: string): readonly TableColumn<WriteOff>[] {
  return [
    { key: 'at', header: 'When', cell: ({ occurredAt }) => <Timestamp at={occurredAt} /> },
    {
      key: 'customer',
      header: 'Customer',
      cell: ({ customerId }) =>
        customerId === null ? null : <TextLink href={`${base}/customers/${customerId}`}>{customerId}</TextLink>,
    },
    {
      key: 'calls',
      header: 'Calls',
      numeric: true,
      cell: ({ detail }) => <Quantity value={`${detail.holds.length}`} />,
    },
    {
      key: 'charges',
      header: 'Counts as spent',
      cell: ({ detail }) => (
        <ul>
          {detail.charges.map(({ node, periodId, amount }) => (
            <li key={`${node} ${periodId}`}>
              {node.startsWith('budget:') ? <Money nanoUsd={amount} mode="compact" /> : <Quantity value={amount} />}{' '}
              <span className="text-faint">
                {node}, {periodId}
              </span>
            </li>
          ))}
        </ul>
      ),
    },
  ];
}
