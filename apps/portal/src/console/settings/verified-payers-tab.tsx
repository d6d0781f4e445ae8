import { EmptyState, Identifier, Section, Table, Timestamp } from '@tollwright/ui';
import type { ListedCustomer, VerifiedPayer } from '../outputs.ts';
import { ForgetPayer } from './forget-payer.tsx';
import { VerifyPayerForm } from './verify-payer-form.tsx';

export interface VerifiedPayersTabProps {
  readonly payers: readonly VerifiedPayer[];
  readonly customers: readonly Pick<ListedCustomer, 'id' | 'name'>[];
  readonly mayWrite: boolean;
}

/** Payers whom the provider knows, and who may pay beyond the limits of routes. */
export function VerifiedPayersTab({ payers, customers, mayWrite }: VerifiedPayersTabProps) {
  return (
    <div>
      <Section
        title="Verified payers"
        description="Who may make large payments on routes that take them only from payers you know. A route's settings say from which amount on."
      >
        <Table
          caption="Verified payers"
          rows={payers}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'payer',
              header: 'Payer',
              cell: ({ address, customerName }) =>
                address === null ? (
                  <span className="break-words">{customerName}, a customer</span>
                ) : (
                  <Identifier value={address} short />
                ),
            },
            { key: 'note', header: 'Who that is', cell: ({ note }) => <span className="break-words">{note}</span> },
            { key: 'since', header: 'Since', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
            ...(mayWrite
              ? [
                  {
                    key: 'forget',
                    header: 'Remove',
                    headerHidden: true,
                    numeric: true,
                    cell: (payer: VerifiedPayer) => <ForgetPayer payer={payer} />,
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title="Nobody is verified yet">
              Payments above the limits of your routes are refused, or need the approval of an owner.
            </EmptyState>
          }
        />
      </Section>
      {mayWrite ? (
        <Section
          title="Verify a payer"
          description="By the address of a wallet, on whatever network, or as a customer: then whoever pays beside one of its keys."
        >
          <VerifyPayerForm customers={customers} />
        </Section>
      ) : null}
    </div>
  );
}
