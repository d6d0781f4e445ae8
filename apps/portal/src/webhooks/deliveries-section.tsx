import { EmptyState, Pagination, Section, Segmented, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { hrefWith, param, type SearchParams } from '../usage/address.ts';
import { DeliveryState } from './delivery-state.tsx';
import { DELIVERY_FILTERS, type WebhooksData } from './webhooks-data.ts';

export interface DeliveriesSectionProps {
  readonly data: WebhooksData;
  readonly path: string;
  readonly search: SearchParams;
  /** How old the figures are. */
  readonly fresh: ReactNode;
}

const LABELS = { all: 'All', pending: 'On their way', delivered: 'Delivered', dead: 'Dead' } as const;

/** What was sent, newest first; a row opens its requests and answers. */
export function DeliveriesSection({ data, path, search, fresh }: DeliveriesSectionProps) {
  const { deliveries, endpoints, nextCursor, delivery, filter } = data;
  const urls = new Map(endpoints.map(({ id, url }) => [id, url]));
  const href = (changes: Record<string, string | null>) => hrefWith(path, search, changes);
  const cursor = param(search, 'cursor');
  return (
    <Section
      title="Deliveries"
      description="Kept for 30 days. What fails is tried ten times within three days, then it is dead until you replay it."
      action={fresh}
    >
      <Segmented
        label="State"
        className="mb-3"
        items={DELIVERY_FILTERS.map((name) => ({
          label: LABELS[name],
          href: href({ state: name === 'all' ? null : name, cursor: null, delivery: null }),
          current: name === filter,
        }))}
      />
      <Table
        caption="Deliveries"
        rows={deliveries}
        rowKey={({ id }) => id}
        rowHref={({ id }) => href({ delivery: id })}
        selectedKey={delivery?.id}
        columns={[
          {
            key: 'type',
            header: 'Event',
            cell: ({ eventType }) => <span className="font-mono text-xs">{eventType}</span>,
          },
          {
            key: 'to',
            header: 'To',
            cell: ({ endpointId }) => <span className="break-all font-mono text-xs">{urls.get(endpointId)}</span>,
          },
          { key: 'state', header: 'State', cell: (row) => <DeliveryState state={row.state} attempts={row.attempts} /> },
          { key: 'attempts', header: 'Attempts', numeric: true, cell: ({ attempts }) => attempts },
          {
            key: 'next',
            header: 'Next attempt',
            cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? 'None' : <Timestamp at={nextAttemptAt} />),
          },
          { key: 'happened', header: 'Happened', cell: ({ occurredAt }) => <Timestamp at={occurredAt} /> },
        ]}
        empty={
          <EmptyState title="Nothing was sent">
            {filter === 'all' ? 'Send a test event to see what an endpoint gets.' : 'Nothing is in this state.'}
          </EmptyState>
        }
      />
      <Pagination
        summary={`${deliveries.length} on this page`}
        previousHref={cursor ? href({ cursor: null }) : undefined}
        nextHref={nextCursor ? href({ cursor: nextCursor }) : undefined}
      />
    </Section>
  );
}
