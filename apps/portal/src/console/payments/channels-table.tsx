import { Money, Table, type TableColumn, TextLink, Timestamp } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { ChannelState } from '../../payments/channel-state.tsx';
import { networkName } from '../../payments/networks.ts';
import type { PaymentChannel } from '../outputs.ts';
import { CloseChannel } from './close-channel.tsx';
import { Payer } from './payer.tsx';

export interface ChannelsTableProps {
  readonly channels: readonly PaymentChannel[];
  readonly mayWrite: boolean;
  /** Where the payments of a channel are listed. */
  readonly hrefOf: (channel: PaymentChannel) => string;
  readonly empty: ReactNode;
}

/** Channels with what their payers put in and signed, and what came of it, those used last first. */
export function ChannelsTable({ channels, mayWrite, hrefOf, empty }: ChannelsTableProps) {
  const columns: readonly TableColumn<PaymentChannel>[] = [
    { key: 'payer', header: 'Payer', cell: ({ payer }) => <Payer payer={payer} short /> },
    { key: 'network', header: 'Network', cell: ({ network }) => networkName(network) },
    { key: 'state', header: 'State', cell: (channel) => <ChannelState channel={channel} /> },
    { key: 'used', header: 'Last used', cell: ({ usedAt }) => <Timestamp at={usedAt} /> },
    {
      key: 'deposit',
      header: 'Deposit',
      numeric: true,
      cell: ({ depositNanoUsd, state }) =>
        depositNanoUsd === null ? (
          <span className="text-faint">{state === 'closed' ? 'Not known' : 'Not read yet'}</span>
        ) : (
          <Money nanoUsd={depositNanoUsd} />
        ),
    },
    {
      key: 'voucher',
      header: 'Highest voucher',
      numeric: true,
      cell: ({ voucherNanoUsd }) => <Money nanoUsd={voucherNanoUsd} />,
    },
    {
      key: 'settled',
      header: 'Settled',
      numeric: true,
      cell: ({ settledNanoUsd }) => <Money nanoUsd={settledNanoUsd} />,
    },
    {
      key: 'unsettled',
      header: 'Unsettled',
      numeric: true,
      cell: ({ unsettledNanoUsd }) => <Money nanoUsd={unsettledNanoUsd} />,
    },
    {
      key: 'actions',
      header: 'Actions',
      headerHidden: true,
      numeric: true,
      cell: (channel) => (
        <span className="inline-flex items-center gap-3">
          <TextLink href={hrefOf(channel)}>Payments</TextLink>
          {mayWrite && channel.state === 'open' ? <CloseChannel channel={channel} /> : null}
        </span>
      ),
    },
  ];
  return (
    <Table
      caption="Payment channels, those used last first"
      rows={channels}
      rowKey={({ id }) => id}
      columns={columns}
      empty={empty}
    />
  );
}
