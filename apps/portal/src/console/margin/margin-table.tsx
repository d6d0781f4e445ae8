import { Money, Quantity, Table } from '@tollwright/ui';
import type { MarginTop } from '../outputs.ts';
import { percentOf } from './percent.ts';

type Figures = MarginTop['total'];

/** Every group with what it brought in, cost and left, and their sum. */
export function MarginTable({ top, groupBy }: { readonly top: MarginTop; readonly groupBy: string }) {
  const { total } = top;
  return (
    <Table
      caption={`Margin by ${groupBy}`}
      rows={top.groups}
      rowKey={({ key }) => key}
      columns={[
        { key: 'group', header: 'Name', cell: ({ label }) => label },
        { key: 'calls', header: 'Calls', numeric: true, cell: ({ calls }) => <Quantity value={calls} /> },
        {
          key: 'revenue',
          header: 'Revenue',
          numeric: true,
          cell: ({ revenueNanoUsd }) => <Money nanoUsd={revenueNanoUsd} mode="compact" />,
        },
        { key: 'cost', header: 'Cost', numeric: true, cell: (figures) => <Cost figures={figures} /> },
        { key: 'margin', header: 'Margin', numeric: true, cell: (figures) => <Margin figures={figures} /> },
        { key: 'share', header: 'Of revenue', numeric: true, cell: (figures) => <Share figures={figures} /> },
        {
          key: 'uncosted',
          header: 'Calls without cost',
          numeric: true,
          cell: ({ uncostedCalls }) => <Quantity value={uncostedCalls} />,
        },
      ]}
      footer={{
        group: 'Total',
        calls: <Quantity figure="margin-calls" value={total.calls} />,
        revenue: <Money figure="margin-revenue" nanoUsd={total.revenueNanoUsd} mode="compact" />,
        cost: <Cost figures={total} figure="margin-cost" />,
        margin: <Margin figures={total} figure="margin-total" />,
        share: <Share figures={total} />,
        uncosted: <Quantity figure="margin-uncosted" value={total.uncostedCalls} />,
      }}
      empty={null}
    />
  );
}

interface CellProps {
  readonly figures: Figures;
  readonly figure?: string;
}

function Cost({ figures, figure }: CellProps) {
  if (isUnknown(figures)) return <span className="text-faint">Not known</span>;
  return <Money figure={figure} nanoUsd={figures.costNanoUsd} mode="compact" />;
}

function Margin({ figures, figure }: CellProps) {
  if (isUnknown(figures)) return <span className="text-faint">Not known</span>;
  const { marginNanoUsd } = figures;
  return (
    <Money
      figure={figure}
      nanoUsd={marginNanoUsd}
      mode="compact"
      {...(marginNanoUsd.startsWith('-') ? { className: 'text-red' } : {})}
    />
  );
}

function Share({ figures: { marginBasisPoints } }: CellProps) {
  return (
    <span className={marginBasisPoints !== null && marginBasisPoints < 0 ? 'text-red' : ''}>
      {percentOf(marginBasisPoints)}
    </span>
  );
}

/** A cost of nothing and no known cost are different things. */
function isUnknown({ calls, uncostedCalls }: Figures): boolean {
  return calls > 0 && calls === uncostedCalls;
}
