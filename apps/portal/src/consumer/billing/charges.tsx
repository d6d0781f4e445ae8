import { Money, Quantity, Section, Table, type TableColumn } from '@tollwright/ui';
import type { CustomerHome, UsageTop } from '../outputs.ts';

interface Line {
  readonly key: string;
  readonly label: string;
  /** Null for a fee. */
  readonly usage: UsageTop['groups'][number] | null;
  readonly amountNanoUsd: string;
}

const COLUMNS: readonly TableColumn<Line>[] = [
  { key: 'label', header: 'For', cell: ({ label }) => <span className="break-words">{label}</span> },
  { key: 'calls', header: 'Calls', numeric: true, cell: ({ usage }) => <Count value={usage?.calls} /> },
  { key: 'input', header: 'Input tokens', numeric: true, cell: ({ usage }) => <Count value={usage?.inputTokens} /> },
  { key: 'output', header: 'Output tokens', numeric: true, cell: ({ usage }) => <Count value={usage?.outputTokens} /> },
  {
    key: 'amount',
    header: 'Amount',
    numeric: true,
    cell: ({ amountNanoUsd }) => <Money nanoUsd={amountNanoUsd} />,
  },
];

export interface ChargesProps {
  readonly home: CustomerHome;
  /** Of calls under the plan. */
  readonly byModel: UsageTop;
  /** Of all calls. */
  readonly byRail: UsageTop;
  readonly providerName: string;
}

/** The running month, line by line, to the last digit: what is owed under the plan, and what agents paid for themselves. */
export function Charges({ home, byModel, byRail, providerName }: ChargesProps) {
  const paid = byRail.groups.filter(({ key }) => key !== 'plan');
  const lines: readonly Line[] = [
    ...(home.feesNanoUsd === '0'
      ? []
      : [{ key: 'fees', label: 'Plan fees', usage: null, amountNanoUsd: home.feesNanoUsd }]),
    ...byModel.groups.map((usage) => ({
      key: `model ${usage.key}`,
      label: usage.key === '' ? 'Calls without a model' : `Calls of ${usage.label}`,
      usage,
      amountNanoUsd: usage.chargedNanoUsd,
    })),
    ...paid.map((usage) => ({
      key: `rail ${usage.key}`,
      label: `Calls that agents paid for by ${usage.label}`,
      usage,
      amountNanoUsd: usage.chargedNanoUsd,
    })),
  ];
  const total = BigInt(home.feesNanoUsd) + BigInt(byRail.total.chargedNanoUsd);
  return (
    <Section id="charges" title="Charges of this month" description={`${monthName(home.from)}, UTC, up to now.`}>
      {paid.length === 0 ? null : (
        <p className="mb-4 max-w-2xl text-base text-muted">
          Calls that agents paid for are paid already; the rest comes on invoices of {providerName}.
        </p>
      )}
      <Table
        caption="Charges of this month"
        columns={COLUMNS}
        rows={lines}
        rowKey={({ key }) => key}
        footer={{
          label: 'Total',
          calls: <Quantity mode="exact" figure="month-calls" value={byRail.total.calls} />,
          input: <Quantity mode="exact" value={byRail.total.inputTokens} />,
          output: <Quantity mode="exact" value={byRail.total.outputTokens} />,
          amount: <Money figure="month-total" nanoUsd={total} />,
        }}
        empty={<p className="text-base text-muted">No fee and no call yet this month.</p>}
      />
    </Section>
  );
}

function Count({ value }: { readonly value: number | undefined }) {
  if (value !== undefined) return <Quantity mode="exact" value={value} />;
  return (
    <span className="text-faint">
      <span aria-hidden>–</span>
      <span className="sr-only">None</span>
    </span>
  );
}

function monthName(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(iso));
}
