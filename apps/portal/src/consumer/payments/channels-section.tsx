import { Identifier, Money, Section, Table, Timestamp } from '@tollwright/ui';
import { ChannelState } from '../../payments/channel-state.tsx';
import { networkName } from '../../payments/networks.ts';
import type { PaymentChannel } from '../outputs.ts';

/** What an agent's wallet put down for many calls, and how much of it is left. */
export function ChannelsSection({ channels }: { readonly channels: readonly PaymentChannel[] }) {
  return (
    <Section
      title="Payment channels"
      description="Deposits of the agent’s wallet on a chain, of which each call takes its price. What is left when a channel closes goes back to the wallet."
    >
      <Table
        caption="Payment channels of this agent, those used last first"
        rows={channels}
        rowKey={({ id }) => id}
        columns={[
          { key: 'used', header: 'Last used', cell: ({ usedAt }) => <Timestamp at={usedAt} />, width: '10.5rem' },
          { key: 'payer', header: 'Wallet', cell: ({ payer }) => <Identifier value={payer} short /> },
          { key: 'network', header: 'Network', cell: ({ network }) => networkName(network) },
          { key: 'state', header: 'State', cell: (channel) => <ChannelState channel={channel} /> },
          {
            key: 'deposit',
            header: 'Deposit',
            numeric: true,
            cell: ({ depositNanoUsd, state }) => <Amount nanoUsd={depositNanoUsd} state={state} />,
          },
          {
            key: 'spent',
            header: 'Spent',
            numeric: true,
            cell: ({ spentNanoUsd }) => <Money nanoUsd={spentNanoUsd} />,
          },
          {
            key: 'settled',
            header: 'Settled',
            numeric: true,
            cell: ({ settledNanoUsd }) => <Money nanoUsd={settledNanoUsd} />,
          },
          {
            key: 'left',
            header: 'Left',
            numeric: true,
            cell: ({ leftNanoUsd, state }) =>
              state === 'closed' ? (
                <span className="text-faint">Given back</span>
              ) : (
                <Amount nanoUsd={leftNanoUsd} state={state} />
              ),
          },
        ]}
        empty={
          <p className="text-base text-muted">
            No channels: an agent that pays by sessions of MPP on Tempo, beside its key, has its deposits here.
          </p>
        }
      />
    </Section>
  );
}

/** Only the chain knows what was put down, and it is read from time to time. */
function Amount({ nanoUsd, state }: { readonly nanoUsd: string | null; readonly state: PaymentChannel['state'] }) {
  if (nanoUsd !== null) return <Money nanoUsd={nanoUsd} />;
  return <span className="text-faint">{state === 'closed' ? 'Not known' : 'Not read yet'}</span>;
}
