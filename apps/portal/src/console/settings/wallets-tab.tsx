import { EmptyState, Identifier, Section, Table, Timestamp } from '@tollwright/ui';
import type { Wallet } from '../outputs.ts';
import { networkName } from '../payments/networks.ts';
import { RemoveWallet } from './remove-wallet.tsx';
import { WalletForm } from './wallet-form.tsx';

/** Where x402 payments go. */
export function WalletsTab({ wallets, mayWrite }: { readonly wallets: readonly Wallet[]; readonly mayWrite: boolean }) {
  return (
    <div>
      <Section
        title="Wallets"
        description="Agents without a key pay here, by x402, straight from their wallet to yours."
      >
        <Table
          caption="Wallets"
          rows={wallets}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'network',
              header: 'Network',
              cell: ({ network }) => (
                <>
                  <span className="font-medium">{networkName(network)}</span>{' '}
                  <span className="font-mono text-xs text-faint">{network}</span>
                </>
              ),
            },
            { key: 'token', header: 'Token', cell: ({ tokenName }) => tokenName },
            { key: 'asset', header: 'Contract', cell: ({ asset }) => <Identifier value={asset} short /> },
            { key: 'payTo', header: 'Pay to', cell: ({ payTo }) => <Identifier value={payTo} /> },
            { key: 'since', header: 'Since', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
            ...(mayWrite
              ? [
                  {
                    key: 'remove',
                    header: 'Remove',
                    headerHidden: true,
                    numeric: true,
                    cell: (wallet: Wallet) => <RemoveWallet wallet={wallet} name={networkName(wallet.network)} />,
                  },
                ]
              : []),
          ]}
          empty={
            <EmptyState title="No wallets yet">
              Without one, routes that have a price for strangers refuse them. Add the address that gets the money
              below.
            </EmptyState>
          }
        />
      </Section>
      {mayWrite ? (
        <Section title="Add a wallet" description="Tollwright never holds the money and never asks for a private key.">
          <WalletForm />
        </Section>
      ) : null}
    </div>
  );
}
