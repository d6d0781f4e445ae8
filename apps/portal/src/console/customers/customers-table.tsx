import { Badge, Money, Quantity, Table, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import type { ListedCustomer, UsageTop } from '../outputs.ts';

export interface CustomersTableProps {
  readonly customers: readonly ListedCustomer[];
  /** By customer, of the last 30 days. */
  readonly usage: UsageTop;
  readonly path: string;
  readonly empty: ReactNode;
}

/** Agent owners with their plan and what they used. */
export function CustomersTable({ customers, usage, path, empty }: CustomersTableProps) {
  const used = new Map(usage.groups.map((group) => [group.key, group]));
  return (
    <Table
      caption="Customers"
      rows={customers}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `${path}/${id}`}
      columns={[
        { key: 'name', header: 'Name', cell: ({ name }) => name },
        {
          key: 'plan',
          header: 'Plan',
          cell: ({ plan }) =>
            plan === null ? (
              <span className="text-faint">None</span>
            ) : (
              <>
                {plan.name} <span className="text-faint">version {plan.version}</span>
              </>
            ),
        },
        { key: 'status', header: 'Status', cell: (customer) => <CustomerStatus {...customer} /> },
        { key: 'agents', header: 'Agents', numeric: true, cell: ({ agents }) => <Quantity value={agents} /> },
        {
          key: 'calls',
          header: 'Calls, 30 days',
          numeric: true,
          cell: ({ id }) => <Quantity value={used.get(id)?.calls ?? 0} />,
        },
        {
          key: 'charged',
          header: 'Charged, 30 days',
          numeric: true,
          cell: ({ id }) => <Money nanoUsd={used.get(id)?.chargedNanoUsd ?? '0'} mode="compact" />,
        },
        { key: 'since', header: 'Since', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
      ]}
      empty={empty}
    />
  );
}

/** Whether a customer's keys work. */
export function CustomerStatus({ status, overdueSince }: Pick<ListedCustomer, 'status' | 'overdueSince'>) {
  if (status === 'suspended') return <Badge tone="red">Suspended</Badge>;
  return overdueSince === null ? <Badge tone="green">Active</Badge> : <Badge tone="red">Invoice overdue</Badge>;
}
