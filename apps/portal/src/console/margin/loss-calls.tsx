import { Money, Table, Timestamp } from '@tollwright/ui';
import type { MarginCall } from '../outputs.ts';

/** Single calls that cost more than they brought in, the worst first. */
export function LossCalls({ calls, base }: { readonly calls: readonly MarginCall[]; readonly base: string }) {
  return (
    <Table
      caption="Calls at a loss, the worst first"
      rows={calls}
      rowKey={({ eventId }) => eventId}
      rowHref={({ eventId }) => `${base}/usage?view=calls&call=${eventId}`}
      columns={[
        { key: 'at', header: 'Time', cell: ({ occurredAt }) => <Timestamp at={occurredAt} />, width: '10.5rem' },
        { key: 'customer', header: 'Customer', cell: ({ customerName }) => customerName ?? 'Pay per call' },
        { key: 'agent', header: 'Agent', cell: ({ agentName }) => agentName ?? 'None' },
        { key: 'model', header: 'Model', cell: ({ model }) => model ?? <span className="text-faint">None</span> },
        {
          key: 'revenue',
          header: 'Revenue',
          numeric: true,
          cell: ({ revenueNanoUsd }) => <Money nanoUsd={revenueNanoUsd} mode="compact" />,
        },
        {
          key: 'cost',
          header: 'Cost',
          numeric: true,
          cell: ({ costNanoUsd }) => <Money nanoUsd={costNanoUsd ?? '0'} mode="compact" />,
        },
        {
          key: 'margin',
          header: 'Margin',
          numeric: true,
          cell: ({ marginNanoUsd }) => <Money nanoUsd={marginNanoUsd ?? '0'} mode="compact" className="text-red" />,
        },
      ]}
      empty={<p className="text-sm text-muted">No call cost more than it brought in.</p>}
    />
  );
}
