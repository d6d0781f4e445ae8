import type { AppRouter } from '@tollwright/api';
import { Money, Quantity, Section, Table, type TableColumn, TextLink, Timestamp } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';

export type Incident = inferRouterOutputs<AppRouter>['incident']['list']['items'][number];

/** What went wrong and cost somebody something, newest first. Nothing is shown where nothing did. */
export function Incidents({ incidents, base }: { readonly incidents: readonly Incident[]; readonly base: string }) {
  if (incidents.length === 0) return null;
  return (
    <Section
      title="Incidents"
      description="A gateway was lost, and nobody knows how its calls ended. What they held counts as spent in their limits; usage has no such calls."
    >
      <Table caption="Incidents" rows={incidents} rowKey={({ id }) => id} columns={columnsOf(base)} empty={null} />
    </Section>
  );
}

function columnsOf(base: string): readonly TableColumn<Incident>[] {
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
