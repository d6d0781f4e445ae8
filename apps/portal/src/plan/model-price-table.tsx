import type { OfferedTerms } from '@tollwright/contracts';
import { Table } from '@tollwright/ui';
import { modelPrices } from './price-list.ts';
import { usdDecimalText } from './usd.ts';

/** Token prices by model, in dollars per million. Nothing where a plan prices no tokens. */
export function ModelPriceTable({ rateCards }: { readonly rateCards: OfferedTerms['rateCards'] }) {
  const { columns, lines } = modelPrices(rateCards);
  if (columns.length === 0) return null;
  return (
    <div>
      <p className="mb-1 text-sm font-medium text-ink">Prices in USD per million</p>
      <Table
        caption="Prices in USD per million, by model"
        rows={lines}
        rowKey={({ model }) => model ?? ''}
        columns={[
          {
            key: 'model',
            header: 'Model',
            cell: ({ model }) => (model === null ? 'Other models' : <span className="font-mono text-xs">{model}</span>),
          },
          ...columns.map(({ meter, name }, index) => ({
            key: meter,
            header: name,
            numeric: true,
            cell: (line: (typeof lines)[number]) => {
              const price = line.usdPerMillion[index];
              return price ? usdDecimalText(price) : <span className="text-muted">refused</span>;
            },
          })),
        ]}
        empty={null}
      />
    </div>
  );
}
