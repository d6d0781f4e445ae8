import { EmptyState, Identifier, Section, Table, Timestamp } from '@tollwright/ui';
import { networkName } from '../../payments/networks.ts';
import type { Wallet } from '../outputs.ts';
import { RefundKeySheet } from './refund-key-sheet.tsx';
import { RemoveWallet } from './remove-wallet.tsx';
import { WalletForm } from './wallet-form.tsx';

/** Which protocols pay into a wallet: MPP's method `evm` has no Permit2. */
function paidBy({ kind, transferMethods }: Wallet): string {
  if (kind === 'tempo') return 'MPP tempo';
  if (transferMethods === null) return 'x402, MPP evm';
  const ways = transferMethods.map((method) => (method === 'permit2' ? 'Permit2' : 'ERC-3009')).join(', ');
  return transferMethods.includes('eip3009') ? `x402 (${ways}), MPP evm` : `x402 (${ways})`;
}

/** Where token payments go, and where refunds of them come from. */
export function WalletsTab({ wallets, mayWrite }: { readonly wallets: readonly Wallet[]; readonly mayWrite: boolean }) {
  return (
    <div>
      <Section
        title="Wallets"
        description="Agents without a key pay here by x402 or MPP, straight from their wallet to yours."
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
            { key: 'kind', header: 'Paid by', cell: paidBy },
            { key: 'payTo', header: 'Pay to', cell: ({ payTo }) => <Identifier value={payTo} short /> },
            {
              key: 'refundFrom',
              header: 'Refunds from',
              cell: ({ refundFrom }) =>
                refundFrom === null ? (
                  <span className="text-faint">No key</span>
                ) : (
                  <Identifier value={refundFrom} short />
                ),
            },
            { key: 'since', header: 'Since', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
            ...(mayWrite
              ? [
                  {
                    key: 'actions',
                    header: 'Actions',
                    headerHidden: true,
                    numeric: true,
                    cell: (wallet: Wallet) => (
                      <span className="inline-flex gap-1">
                        <RefundKeySheet wallet={wallet} name={networkName(wallet.network)} />
                        <RemoveWallet wallet={wallet} name={networkName(wallet.network)} />
                      </span>
                    ),
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
        <Section
          title="Add a wallet"
          description="Tollwright never holds the money, and never asks for the key of the address that gets it. Only refunds need a key, of a wallet of their own."
        >
          <WalletForm />
        </Section>
      ) : null}
    </div>
  );
}
