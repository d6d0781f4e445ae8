import { Badge, Identifier, Money, Section, Table, Timestamp, type Tone } from '@tollwright/ui';
import { railName } from '../../payments/rail-name.ts';
import { ReceiptButton } from '../../payments/receipt-button.tsx';
import type { Payment } from '../outputs.ts';

type Stage = { readonly label: string; readonly tone: Tone; readonly hasReceipt?: true };

const UNDER_WAY: Stage = { label: 'Under way', tone: 'amber' };

/** What a state means to whoever paid. */
const STAGES: Readonly<Record<Payment['state'], Stage>> = {
  claimed: UNDER_WAY,
  verified: UNDER_WAY,
  served: UNDER_WAY,
  settling: UNDER_WAY,
  unknown: { label: 'Not known yet', tone: 'amber' },
  settled: { label: 'Paid', tone: 'green', hasReceipt: true },
  failed: { label: 'Failed, not paid', tone: 'red' },
  released: { label: 'Not taken', tone: 'neutral' },
  refunding: { label: 'Coming back', tone: 'amber', hasReceipt: true },
  refunded: { label: 'Given back', tone: 'neutral', hasReceipt: true },
  credited: { label: 'Credited', tone: 'green', hasReceipt: true },
};

/** What an agent paid for single calls beside its key, each with its receipt. */
export function PaymentsSection({ payments }: { readonly payments: readonly Payment[] }) {
  return (
    <Section
      title="Payments"
      description="Calls that the plan did not cover, and that the agent paid for itself beside its key. They are not on the invoice."
    >
      <Table
        caption="Payments of this agent, newest first"
        rows={payments}
        rowKey={({ id }) => id}
        columns={[
          { key: 'at', header: 'Time', cell: ({ occurredAt }) => <Timestamp at={occurredAt} />, width: '10.5rem' },
          {
            key: 'route',
            header: 'Route',
            cell: ({ routeName }) => <span className="font-mono text-xs break-all">{routeName}</span>,
          },
          { key: 'rail', header: 'Paid by', cell: ({ rail }) => railName(rail) },
          {
            key: 'transaction',
            header: 'Transaction',
            cell: ({ transaction }) =>
              transaction === null ? (
                <span className="text-faint">None</span>
              ) : (
                <Identifier value={transaction} short />
              ),
          },
          {
            key: 'state',
            header: 'State',
            cell: ({ state }) => <Badge tone={STAGES[state].tone}>{STAGES[state].label}</Badge>,
          },
          {
            key: 'amount',
            header: 'Amount',
            numeric: true,
            cell: ({ priceNanoUsd }) => <Money nanoUsd={priceNanoUsd} />,
          },
          {
            key: 'receipt',
            header: 'Receipt',
            headerHidden: true,
            numeric: true,
            cell: ({ id, state }) =>
              STAGES[state].hasReceipt ? <ReceiptButton paymentId={id} label="Receipt" /> : null,
          },
        ]}
        empty={<p className="text-base text-muted">No payments: the plan covered every call.</p>}
      />
    </Section>
  );
}
