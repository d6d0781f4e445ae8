import { CsvButton, EmptyState, FilterBar, LinkButton, Pagination } from '@tollwright/ui';
import { FilterText } from '../../logs/filter-text.tsx';
import { CHANNEL_STATE_OPTIONS } from '../../payments/channel-state.tsx';
import type { Caller } from '../../server/caller.ts';
import { hrefWith, param, type SearchParams } from '../../usage/address.ts';
import { FilterSelect } from '../../usage/filter-select.tsx';
import type { PaymentChannel } from '../outputs.ts';
import { ChannelsTable } from './channels-table.tsx';

export interface ChannelsListProps {
  readonly api: Caller;
  readonly base: string;
  readonly search: SearchParams;
  readonly mayWrite: boolean;
}

/** Deposits that payers spend by vouchers, one by one. */
export async function ChannelsList({ api, base, search, mayWrite }: ChannelsListProps) {
  const path = `${base}/payments`;
  const state = CHANNEL_STATE_OPTIONS.find(({ value }) => value === param(search, 'state'))?.value;
  const payer = param(search, 'payer')?.trim();
  const cursor = param(search, 'cursor');
  const page = await api.channel.list({
    ...(state ? { state } : {}),
    ...(payer ? { payer } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const count = page.items.length;
  return (
    <>
      <FilterBar end={count > 0 ? <CsvButton filename="payment-channels" rows={channelRows(page.items)} /> : null}>
        <FilterSelect label="State" name="state" emptyLabel="All states" options={CHANNEL_STATE_OPTIONS} />
        <FilterText label="Payer" name="payer" search={search} placeholder="0x…" />
      </FilterBar>
      <ChannelsTable
        channels={page.items}
        mayWrite={mayWrite}
        hrefOf={({ id }) => hrefWith(path, {}, { view: 'payments', channel: id })}
        empty={
          state || payer || cursor ? (
            <EmptyState
              title="No channels match"
              action={
                <LinkButton href={hrefWith(path, search, { state: null, payer: null, cursor: null })}>
                  Show all channels
                </LinkButton>
              }
            >
              Take a filter away to see more.
            </EmptyState>
          ) : (
            <EmptyState
              title="No channels yet"
              action={<LinkButton href={`${base}/settings?tab=wallets`}>Set up a Tempo wallet</LinkButton>}
            >
              An agent that calls often deposits once and pays each call by a voucher that it signs. This is offered by
              a Tempo wallet that has a refund key; each deposit is listed here.
            </EmptyState>
          )
        }
      />
      {count > 0 ? (
        <Pagination
          summary={`${count} ${count === 1 ? 'channel' : 'channels'} on this page`}
          previousHref={cursor ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={page.nextCursor ? hrefWith(path, search, { cursor: page.nextCursor }) : undefined}
        />
      ) : null}
    </>
  );
}

function channelRows(items: readonly PaymentChannel[]) {
  return [
    [
      ...['channel', 'payer', 'network', 'state', 'deposit nano-USD', 'highest voucher nano-USD', 'spent nano-USD'],
      ...['settled nano-USD', 'unsettled nano-USD', 'last used', 'closes at', 'closing transaction'],
    ],
    ...items.map((item) => [
      ...[item.id, item.payer, item.network, item.state, item.depositNanoUsd, item.voucherNanoUsd],
      ...[item.spentNanoUsd, item.settledNanoUsd, item.unsettledNanoUsd, item.usedAt, item.closesAt, item.transaction],
    ]),
  ];
}
