import { EmptyState, LinkButton, Table, Timestamp } from '@tollwright/ui';
import type { Feature } from '../outputs.ts';
import { ArchiveFeature } from './archive-feature.tsx';

export interface FeaturesTableProps {
  readonly features: readonly Feature[];
  readonly hasMeters: boolean;
  readonly mayWrite: boolean;
  readonly newHref: string;
}

/** What plans grant. */
export function FeaturesTable({ features, hasMeters, mayWrite, newHref }: FeaturesTableProps) {
  return (
    <Table
      caption="Features"
      rows={features}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', header: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
        { key: 'key', header: 'Key', cell: ({ key }) => <span className="font-mono text-xs">{key}</span> },
        {
          key: 'meters',
          header: 'Meters, added up',
          cell: ({ meterSlugs }) => <span className="font-mono text-xs break-words">{meterSlugs.join(' + ')}</span>,
        },
        { key: 'created', header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
        ...(mayWrite
          ? [
              {
                key: 'archive',
                header: 'Archive',
                headerHidden: true,
                numeric: true,
                cell: (feature: Feature) => <ArchiveFeature feature={feature} />,
              },
            ]
          : []),
      ]}
      empty={
        <EmptyState
          title="No features yet"
          action={hasMeters && mayWrite ? <LinkButton href={newHref}>Create feature</LinkButton> : null}
        >
          A feature is what a plan limits, such as tokens = input_tokens + output_tokens.
        </EmptyState>
      }
    />
  );
}
