import { EmptyState, FilterBar, LinkButton, Pagination } from '@tollwright/ui';
import { RAIL_OPTIONS } from '../../payments/networks.ts';
import type { Caller } from '../../server/caller.ts';
import { hrefWith, param, type SearchParams } from '../../usage/address.ts';
import { FilterSelect } from '../../usage/filter-select.tsx';
import { PAYMENT_STATE_OPTIONS } from './payment-state.tsx';
import { PaymentsTable } from './payments-table.tsx';

export interface PaymentsListProps {
  readonly api: Caller;
  readonly base: string;
  readonly search: SearchParams;
  readonly openId: string | undefined;
}

/** Payments one by one. */
export async function PaymentsList({ api, base, search, openId }: PaymentsListProps) {
  const path = `${base}/payments`;
  const state = PAYMENT_STATE_OPTIONS.find(({ value }) => value === param(search, 'state'))?.value;
  const rail = RAIL_OPTIONS.find(({ value }) => value === param(search, 'rail'))?.value;
  const payer = param(search, 'payer');
  const channel = param(search, 'channel');
  const cursor = param(search, 'cursor');
  const page = await api.payment.list({
    ...(state ? { state } : {}),
    ...(rail ? { rail } : {}),
    ...(payer ? { payer } : {}),
    ...(channel ? { channel } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const isFiltered = state !== undefined || rail !== undefined || payer !== undefined || channel !== undefined;
  return (
    <>
      <FilterBar>
        <FilterSelect label="State" name="state" emptyLabel="All states" options={PAYMENT_STATE_OPTIONS} />
        <FilterSelect label="Rail" name="rail" emptyLabel="All rails" options={RAIL_OPTIONS} />
        {payer ? (
          <FilterSelect
            label="Payer"
            name="payer"
            emptyLabel="All payers"
            options={[{ value: payer, label: `${payer.slice(0, 8)}…${payer.slice(-6)}` }]}
          />
        ) : null}
        {channel ? (
          <FilterSelect
            label="Channel"
            name="channel"
            emptyLabel="All payments"
            options={[{ value: channel, label: shortChannel(channel) }]}
          />
        ) : null}
      </FilterBar>
      <PaymentsTable
        payments={page.items}
        hrefOf={({ id }) => hrefWith(path, search, { payment: id })}
        selectedId={openId}
        empty={
          isFiltered ? (
            <EmptyState
              title="No payments match"
              action={
                <LinkButton href={hrefWith(path, search, { state: null, rail: null, payer: null, channel: null })}>
                  Show all payments
                </LinkButton>
              }
            >
              A payment appears here when it gets into this state. Take a filter away to see more.
            </EmptyState>
          ) : (
            <EmptyState title="No payments yet" action={<LinkButton href={`${base}/apis`}>Price a route</LinkButton>}>
              Give a route a price for strangers. An agent without a key is then asked to pay for its call, and what it
              paid appears here.
            </EmptyState>
          )
        }
      />
      {page.items.length > 0 ? (
        <Pagination
          summary={`${page.items.length} ${page.items.length === 1 ? 'payment' : 'payments'} on this page`}
          previousHref={cursor ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={page.nextCursor ? hrefWith(path, search, { cursor: page.nextCursor }) : undefined}
        />
      ) : null}
    </>
  );
}

/** `0x1a2b3c…9f8e7d` of `channel:eip155:4217:0x1a2b3c…`. */
function shortChannel(channel: string): string {
  const id = channel.slice(channel.lastIndexOf(':') + 1);
  return `${id.slice(0, 8)}…${id.slice(-6)}`;
}
