import { EmptyState, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { Feature, Meter } from '../outputs.ts';

export interface MetersTableProps {
  readonly meters: readonly Meter[];
  readonly features: readonly Feature[];
  /** How the first meters are made. */
  readonly action: ReactNode;
}

/** What is counted, and which features it is part of. */
export function MetersTable({ meters, features, action }: MetersTableProps) {
  return (
    <Table
      caption="Meters"
      rows={meters}
      rowKey={({ slug }) => slug}
      columns={[
        { key: 'name', header: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
        { key: 'slug', header: 'Slug', cell: ({ slug }) => <span className="font-mono text-xs">{slug}</span> },
        { key: 'event', header: 'Event type', cell: ({ eventType }) => eventType },
        {
          key: 'value',
          header: 'Counts',
          cell: ({ aggregation, valueProperty }) => (
            <span className="font-mono text-xs break-all">
              {aggregation}
              {valueProperty === null ? '' : ` ${valueProperty}`}
            </span>
          ),
        },
        { key: 'groups', header: 'By', cell: ({ groupBy }) => Object.keys(groupBy).join(', ') || 'Nothing' },
        { key: 'features', header: 'In features', cell: ({ slug }) => featuresOf(features, slug) },
        { key: 'created', header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
      ]}
      empty={
        <EmptyState title="Nothing is counted yet" action={action}>
          Start with the usual three: requests, input tokens and output tokens, each by model and route. Plans limit and
          price what meters count.
        </EmptyState>
      }
    />
  );
}

function featuresOf(features: readonly Feature[], slug: string): ReactNode {
  const names = features.filter(({ meterSlugs }) => meterSlugs.includes(slug)).map(({ name }) => name);
  return names.length > 0 ? names.join(', ') : <span className="text-faint">None</span>;
}
