import { Money, Quantity, Table, type TableColumn } from '@tollwright/ui';
import type { UsageTop } from '../outputs.ts';
import type { GroupName } from './usage-data.ts';

type Group = UsageTop['groups'][number];

export interface UsageTableProps {
  readonly top: UsageTop;
  readonly groupBy: GroupName;
  /** How many groups are shown; the sum is of all. */
  readonly rowsMax: number;
  /** The calls behind a row. */
  readonly hrefOf: (key: string) => string;
}

const HEADERS: Readonly<Record<GroupName, string>> = { agent: 'Agent', model: 'Model', route: 'Route' };

/** Every group with all its figures to the last digit, and their sum. */
export function UsageTable({ top: { groups, total }, groupBy, rowsMax, hrefOf }: UsageTableProps) {
  const columns: readonly TableColumn<Group>[] = [
    { key: 'group', header: HEADERS[groupBy], cell: ({ label }) => <span className="break-words">{label}</span> },
    { key: 'calls', header: 'Calls', numeric: true, cell: ({ calls }) => <Quantity mode="exact" value={calls} /> },
    { key: 'errors', header: 'Errors', numeric: true, cell: ({ errors }) => <Quantity mode="exact" value={errors} /> },
    {
      key: 'input',
      header: 'Input tokens',
      numeric: true,
      cell: ({ inputTokens }) => <Quantity mode="exact" value={inputTokens} />,
    },
    {
      key: 'output',
      header: 'Output tokens',
      numeric: true,
      cell: ({ outputTokens }) => <Quantity mode="exact" value={outputTokens} />,
    },
    {
      key: 'charged',
      header: 'Charged',
      numeric: true,
      cell: ({ chargedNanoUsd }) => <Money nanoUsd={chargedNanoUsd} />,
    },
  ];
  return (
    <Table
      caption={`Usage by ${groupBy}`}
      columns={columns}
      rows={groups.slice(0, rowsMax)}
      rowKey={({ key }) => key}
      rowHref={({ key }) => hrefOf(key)}
      footer={{
        group: groups.length > rowsMax ? `Total of all ${groups.length}` : 'Total',
        calls: <Quantity mode="exact" figure="table-calls" value={total.calls} />,
        errors: <Quantity mode="exact" figure="table-errors" value={total.errors} />,
        input: <Quantity mode="exact" figure="table-input-tokens" value={total.inputTokens} />,
        output: <Quantity mode="exact" figure="table-output-tokens" value={total.outputTokens} />,
        charged: <Money figure="table-charged" nanoUsd={total.chargedNanoUsd} />,
      }}
      empty={null}
    />
  );
}
