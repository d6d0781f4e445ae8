import { Money, Quantity, Table } from '@tollwright/ui';
import { hrefWith } from '../../usage/address.ts';
import type { UsageTop } from '../outputs.ts';
import type { GroupName } from './usage-data.ts';

export interface UsageTableProps {
  readonly top: UsageTop;
  readonly groupBy: GroupName;
  readonly base: string;
  /** Where the figures are of one customer. */
  readonly customerId?: string;
}

/** Every group with all its figures, and their sum. */
export function UsageTable({ top, groupBy, base, customerId }: UsageTableProps) {
  const { total } = top;
  return (
    <Table
      caption={`Usage by ${groupBy}`}
      rows={top.groups}
      rowKey={({ key }) => key}
      rowHref={({ key }) => hrefOf(base, { customer: customerId, [groupBy]: key || undefined })}
      columns={[
        { key: 'group', header: 'Name', cell: ({ label }) => label },
        { key: 'calls', header: 'Calls', numeric: true, cell: ({ calls }) => <Quantity value={calls} /> },
        { key: 'errors', header: 'Errors', numeric: true, cell: ({ errors }) => <Quantity value={errors} /> },
        {
          key: 'input',
          header: 'Input tokens',
          numeric: true,
          cell: ({ inputTokens }) => <Quantity value={inputTokens} />,
        },
        {
          key: 'output',
          header: 'Output tokens',
          numeric: true,
          cell: ({ outputTokens }) => <Quantity value={outputTokens} />,
        },
        {
          key: 'charged',
          header: 'Charged',
          numeric: true,
          cell: ({ chargedNanoUsd }) => <Money nanoUsd={chargedNanoUsd} mode="compact" />,
        },
      ]}
      footer={{
        group: 'Total',
        calls: <Quantity figure="table-calls" value={total.calls} />,
        errors: <Quantity value={total.errors} />,
        input: <Quantity figure="table-input-tokens" value={total.inputTokens} />,
        output: <Quantity figure="table-output-tokens" value={total.outputTokens} />,
        charged: <Money figure="table-charged" nanoUsd={total.chargedNanoUsd} mode="compact" />,
      }}
      empty={null}
    />
  );
}

/** The calls of one group; a group without a key, and an API, cannot be filtered by. */
function hrefOf(base: string, filters: Readonly<Record<string, string | undefined>>): string {
  return hrefWith(`${base}/usage`, {}, { view: 'calls', ...filters, api: null });
}
