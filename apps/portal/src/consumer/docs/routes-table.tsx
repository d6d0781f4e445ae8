import type { OfferedTerms } from '@tollwright/contracts';
import { MethodBadge, Money, Table, type TableColumn } from '@tollwright/ui';
import { routePriceText } from '../../plan/route-price.ts';
import type { StorefrontRoute } from '../outputs.ts';

export interface RoutesTableProps {
  readonly apiName: string;
  readonly routes: readonly StorefrontRoute[];
  /** The plan whose prices are shown; without one the column is left out. */
  readonly terms?: OfferedTerms | undefined;
}

/** What may be called, and what a call costs with a key and without. */
export function RoutesTable({ apiName, routes, terms }: RoutesTableProps) {
  const columns: readonly TableColumn<StorefrontRoute>[] = [
    { key: 'route', header: 'Route', cell: (route) => <RouteName route={route} /> },
    { key: 'summary', header: 'Does', cell: ({ summary }) => summary || <span className="text-faint">Not said</span> },
    ...(terms
      ? [
          {
            key: 'plan',
            header: 'With a key, by your plan',
            cell: ({ meters }: StorefrontRoute) => routePriceText(terms.rateCards, meters),
          },
        ]
      : []),
    {
      key: 'stranger',
      header: 'Without a key',
      numeric: true,
      cell: ({ strangerPriceNanoUsd, strangerPriceIsCeiling }) =>
        strangerPriceNanoUsd === null ? (
          <span className="text-muted">Key needed</span>
        ) : (
          <Money nanoUsd={strangerPriceNanoUsd} per={strangerPriceIsCeiling ? 'a call at most' : 'a call'} />
        ),
    },
  ];
  return (
    <Table
      caption={`Routes of ${apiName}`}
      columns={columns}
      rows={routes}
      rowKey={({ id }) => id}
      empty={<p className="text-base text-muted">No route is open yet.</p>}
    />
  );
}

function RouteName({ route: { method, pathTemplate } }: { readonly route: StorefrontRoute }) {
  return (
    <span className="inline-flex items-baseline">
      <MethodBadge method={method} />
      <span className="font-mono text-xs break-all">{pathTemplate}</span>
    </span>
  );
}
