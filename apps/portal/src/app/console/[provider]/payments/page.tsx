import { Callout, EmptyState, FilterBar, LinkButton, PageHeader, Pagination } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { PaymentSheet } from '../../../../console/payments/payment-sheet.tsx';
import { PAYMENT_STATE_OPTIONS } from '../../../../console/payments/payment-state.tsx';
import { PaymentsTable } from '../../../../console/payments/payments-table.tsx';
import { foundOrNull } from '../../../../server/found.ts';
import { hrefWith, param, type SearchParams } from '../../../../usage/address.ts';
import { FilterSelect } from '../../../../usage/filter-select.tsx';
import { KeepFresh } from '../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Payments' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

/** Payments of agents without a key, from the signature to the transaction. */
export default async function PaymentsPage({ params, searchParams }: Props) {
  const { api, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/payments`;
  const state = PAYMENT_STATE_OPTIONS.find(({ value }) => value === param(search, 'state'))?.value;
  const cursor = param(search, 'cursor');
  const openId = param(search, 'payment');
  const [page, wallets, open] = await Promise.all([
    api.payment.list({ ...(state ? { state: state as 'settled' } : {}), ...(cursor ? { cursor } : {}) }),
    api.wallet.list({ limit: 1 }),
    openId ? foundOrNull(api.payment.get({ paymentId: openId })) : null,
  ]);
  const pages = { previous: cursor, next: page.nextCursor };
  return (
    <>
      <PageHeader
        title="Payments"
        description="What agents without a key paid for single calls, from their signature to the transaction."
        action={
          <>
            <KeepFresh readAt={new Date().toISOString()} />
            <LinkButton
              href={`${base}/settings?tab=wallets`}
              variant={wallets.items.length === 0 ? 'primary' : 'secondary'}
            >
              {wallets.items.length === 0 && mayWrite ? 'Add wallet' : 'Wallets'}
            </LinkButton>
          </>
        }
      />
      {wallets.items.length === 0 ? (
        <Callout
          tone="warning"
          className="mb-5"
          title="There is no wallet to pay into"
          why="Routes with a price for strangers refuse them until you name the address that gets the money."
          next="Add a wallet in Settings."
        />
      ) : null}
      <FilterBar>
        <FilterSelect label="State" name="state" emptyLabel="All states" options={PAYMENT_STATE_OPTIONS} />
      </FilterBar>
      <PaymentsTable
        payments={page.items}
        hrefOf={({ id }) => hrefWith(path, search, { payment: id })}
        selectedId={open?.id}
        empty={
          state ? (
            <EmptyState
              title="No payments in this state"
              action={<LinkButton href={hrefWith(path, search, { state: null })}>Show all states</LinkButton>}
            >
              A payment appears here when it gets into this state.
            </EmptyState>
          ) : (
            <EmptyState title="No payments yet" action={<LinkButton href={`${base}/apis`}>Price a route</LinkButton>}>
              Give a route a price for strangers. An agent without a key is then asked to pay for its call by x402, and
              what it paid appears here.
            </EmptyState>
          )
        }
      />
      {page.items.length > 0 ? (
        <Pagination
          summary={`${page.items.length} ${page.items.length === 1 ? 'payment' : 'payments'} on this page`}
          previousHref={pages.previous ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={pages.next ? hrefWith(path, search, { cursor: pages.next }) : undefined}
        />
      ) : null}
      {open ? <PaymentSheet payment={open} base={base} closeHref={hrefWith(path, search, { payment: null })} /> : null}
    </>
  );
}
