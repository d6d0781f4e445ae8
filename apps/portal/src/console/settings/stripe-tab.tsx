import { Badge, EmptyState, Section, Table, Timestamp } from '@tollwright/ui';
import type { StripeAccount } from '../outputs.ts';
import { RemoveStripeAccount } from './remove-stripe-account.tsx';
import { StripeForm } from './stripe-form.tsx';

export interface StripeTabProps {
  readonly accounts: readonly StripeAccount[];
  readonly mayWrite: boolean;
}

/** Where card payments go. */
export function StripeTab({ accounts, mayWrite }: StripeTabProps) {
  return (
    <div>
      <Section
        title="Stripe account"
        description="Agents without a key pay by card or Link, by tokens that they grant to your Stripe profile. One account takes live payments, one may take test payments."
      >
        <Table
          caption="Stripe accounts"
          rows={accounts}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'profile',
              header: 'Profile',
              cell: ({ profile }) => <span className="font-mono text-xs break-all">{profile}</span>,
            },
            { key: 'mode', header: 'Mode', cell: ({ livemode }) => <StripeMode livemode={livemode} /> },
            {
              key: 'types',
              header: 'Takes',
              cell: ({ paymentMethodTypes }) =>
                paymentMethodTypes.map((type) => (type === 'card' ? 'Cards' : 'Link')).join(', '),
            },
            {
              key: 'key',
              header: 'Secret key',
              cell: ({ keyEnd }) => <span className="font-mono text-xs">ends in {keyEnd}</span>,
            },
            {
              key: 'tax',
              header: 'Tax',
              cell: ({ tax }) =>
                tax === null ? 'Not calculated' : `${tax.code}, ${tax.headOffice.country} where the payer is unknown`,
            },
            { key: 'since', header: 'Since', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
            ...(mayWrite
              ? [
                  {
                    key: 'remove',
                    header: 'Remove',
                    headerHidden: true,
                    numeric: true,
                    cell: (account: StripeAccount) => <RemoveStripeAccount account={account} />,
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title="No Stripe account yet">
              Without one nobody can pay by card. Set the profile and its secret key below.
            </EmptyState>
          }
        />
      </Section>
      {mayWrite ? (
        <Section
          title={accounts.length === 0 ? 'Set the Stripe account' : 'Replace the account or its key'}
          description="The key is sealed before it is stored, and nobody is shown it again, here or in the API. To rotate it: make a new key at Stripe, set it here with the same profile, then delete the old one at Stripe."
        >
          <StripeForm account={accounts[0]} />
        </Section>
      ) : null}
    </div>
  );
}

function StripeMode({ livemode }: { readonly livemode: boolean }) {
  return <Badge tone={livemode ? 'green' : 'amber'}>{livemode ? 'Live' : 'Test'}</Badge>;
}
