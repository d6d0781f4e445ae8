import { formatQuantityExact, Money, Table } from '@tollwright/ui';
import { exactUsd } from './exact-usd.ts';
import type { Price } from './outputs.ts';

export interface PriceTableProps {
  readonly price: Price;
  readonly total: string;
  /** What the customer was charged; told where it is not the price. */
  readonly chargedNanoUsd?: string | null;
}

/** How usage became money: quantity times price, line by line, and what rounding adds. The lines add up to the total. */
export function PriceTable({ price, total, chargedNanoUsd = null }: PriceTableProps) {
  const { lines, exactNanoUsd, amountNanoUsd } = price;
  if (lines.length === 0) return <p className="text-muted">Nothing of the call has a price: 0.00 USD.</p>;
  const isRounded = exactUsd(exactNanoUsd) !== exactUsd(amountNanoUsd);
  return (
    <>
      <Table
        caption={total}
        rows={lines}
        rowKey={({ rateCard, meter, model }) => `${rateCard} ${meter} ${model ?? ''}`}
        columns={[
          {
            key: 'meter',
            header: 'Meter',
            cell: ({ meter, model }) => (
              <>
                <span className="font-mono text-xs">{meter}</span>
                {model === null ? null : <span className="text-faint"> {model}</span>}
              </>
            ),
          },
          { key: 'quantity', header: 'Quantity', numeric: true, cell: ({ quantity }) => formatQuantityExact(quantity) },
          {
            key: 'price',
            header: 'USD per unit',
            numeric: true,
            cell: ({ nanoUsdPerUnit }) => <Exact nanoUsd={nanoUsdPerUnit} />,
          },
          { key: 'amount', header: 'USD', numeric: true, cell: ({ nanoUsd }) => <Exact nanoUsd={nanoUsd} /> },
        ]}
        footer={{ meter: total, amount: <Money nanoUsd={amountNanoUsd} figure="traced-price" /> }}
        empty={null}
      />
      {isRounded ? (
        <p className="mt-2 text-sm text-muted">
          The lines add up to {exactUsd(exactNanoUsd)} USD, rounded up once to a whole nano-dollar.
        </p>
      ) : null}
      {chargedNanoUsd !== null && chargedNanoUsd !== amountNanoUsd ? (
        <p className="mt-2 text-sm text-muted">
          Charged <Money nanoUsd={chargedNanoUsd} />: no call is charged more than was held for it.
        </p>
      ) : null}
    </>
  );
}

function Exact({ nanoUsd }: { readonly nanoUsd: string }) {
  return <span data-exact={nanoUsd}>{exactUsd(nanoUsd)}</span>;
}
