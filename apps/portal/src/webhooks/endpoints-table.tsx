import { Badge, EmptyState, Table, Timestamp } from '@tollwright/ui';
import { EndpointActions } from './endpoint-actions.tsx';
import type { WebhookEndpoint } from './outputs.ts';

export interface EndpointsTableProps {
  readonly endpoints: readonly WebhookEndpoint[];
  readonly mayWrite: boolean;
}

/** Where events are posted to, and whether they arrive. */
export function EndpointsTable({ endpoints, mayWrite }: EndpointsTableProps) {
  return (
    <Table
      caption="Webhook endpoints"
      rows={endpoints}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'url',
          header: 'Address',
          cell: ({ url, description }) => (
            <span className="break-all">
              <span className="font-mono text-xs">{url}</span>
              {description === '' ? null : <span className="block text-muted">{description}</span>}
            </span>
          ),
        },
        { key: 'types', header: 'Hears of', cell: ({ eventTypes }) => heardOf(eventTypes) },
        {
          key: 'format',
          header: 'Format',
          cell: ({ format, livemode }) =>
            `${format === 'slack' ? 'Slack' : 'Standard'}${livemode ? '' : ', test mode'}`,
        },
        { key: 'state', header: 'State', cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
        { key: 'created', header: 'Added', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
        ...(mayWrite
          ? [
              {
                key: 'actions',
                header: 'Actions',
                headerHidden: true,
                numeric: true,
                cell: (endpoint: WebhookEndpoint) => <EndpointActions endpoint={endpoint} />,
              },
            ]
          : []),
      ]}
      empty={
        <EmptyState title="Nobody is told yet">
          Add the address of a program of yours, or an incoming webhook of Slack, and it hears of what happens here.
        </EmptyState>
      }
    />
  );
}

function heardOf(types: readonly string[]): string {
  const [first, ...rest] = types;
  if (first === undefined) return 'Everything';
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}

function EndpointState({ endpoint: { disabledBy, failingSince } }: { readonly endpoint: WebhookEndpoint }) {
  if (disabledBy === 'failing') return <Badge tone="red">Disabled: nothing arrived for 5 days</Badge>;
  if (disabledBy === 'gone') return <Badge tone="red">Disabled: it said it is gone</Badge>;
  if (disabledBy === 'owner') return <Badge>Disabled</Badge>;
  if (failingSince !== null) return <Badge tone="amber">Failing</Badge>;
  return <Badge tone="green">Enabled</Badge>;
}
