import { Badge, EmptyState, MethodBadge, Money, Table } from '@tollwright/ui';
import type { Extractor, Route } from '../outputs.ts';
import { bytesText } from './bytes.ts';

export interface RoutesTableProps {
  readonly routes: readonly Route[];
  readonly extractors: readonly Extractor[];
  readonly hrefOf: (route: Route) => string;
  readonly selectedId?: string | undefined;
}

/** The operations of an API: how each is read, how large its bodies may be, what strangers pay. */
export function RoutesTable({ routes, extractors, hrefOf, selectedId }: RoutesTableProps) {
  const names = new Map(extractors.map(({ id, name }) => [id, name]));
  return (
    <Table
      caption="Routes"
      rows={routes}
      rowKey={({ id }) => id}
      rowHref={hrefOf}
      selectedKey={selectedId}
      columns={[
        {
          key: 'path',
          header: 'Route',
          cell: ({ method, pathTemplate }) => (
            <span className="inline-flex items-center gap-2">
              <MethodBadge method={method} />
              <span className="font-mono text-xs font-normal break-all">{pathTemplate}</span>
            </span>
          ),
        },
        { key: 'summary', header: 'What it does', cell: ({ summary, operationId }) => summary || operationId },
        {
          key: 'extractor',
          header: 'Extractor',
          cell: ({ extractorId }) =>
            extractorId === null ? (
              <span className="text-faint">None</span>
            ) : (
              <Badge tone="blue">{names.get(extractorId) ?? 'Archived'}</Badge>
            ),
        },
        { key: 'body', header: 'Body limit', numeric: true, cell: ({ bodyBytesMax }) => bytesText(bodyBytesMax) },
        {
          key: 'price',
          header: 'Price for strangers',
          numeric: true,
          cell: ({ strangerPriceNanoUsd, strangerPlanId }) =>
            strangerPriceNanoUsd === null ? (
              <span className="text-faint">Refused</span>
            ) : (
              <Money nanoUsd={strangerPriceNanoUsd} per={strangerPlanId === null ? 'a call' : 'a call at most'} />
            ),
        },
      ]}
      empty={<EmptyState title="No routes">The document of this API has no operations.</EmptyState>}
    />
  );
}
