import { CsvButton, EmptyState, FilterBar, LinkButton, PageHeader, Pagination } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { INVOICE_STATE_OPTIONS } from '../../../../invoice/invoice-state.tsx';
import { InvoicesTable } from '../../../../invoice/invoices-table.tsx';
import type { InvoiceSummary } from '../../../../invoice/outputs.ts';
import { hrefWith, param, type SearchParams } from '../../../../usage/address.ts';
import { FilterSelect } from '../../../../usage/filter-select.tsx';

export const metadata = { title: 'Invoices' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

/** What customers owe for their billing cycles and fees. */
export default async function InvoicesPage({ params, searchParams }: Props) {
  const { api, base } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/invoices`;
  const state = INVOICE_STATE_OPTIONS.find(({ value }) => value === param(search, 'state'))?.value;
  const cursor = param(search, 'cursor');
  const page = await api.invoice.list({ ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) });
  const count = page.items.length;
  return (
    <>
      <PageHeader
        title="Invoices"
        description="What customers owe: one for each billing cycle that ended, and one for each fee that is due at once."
      />
      <FilterBar end={count > 0 ? <CsvButton filename="invoices" rows={invoiceRows(page.items)} /> : null}>
        <FilterSelect label="State" name="state" emptyLabel="All states" options={INVOICE_STATE_OPTIONS} />
      </FilterBar>
      <InvoicesTable
        invoices={page.items}
        hrefOf={({ id }) => `${path}/${id}`}
        withCustomer
        empty={
          state || cursor ? (
            <EmptyState title="No invoices match" action={<LinkButton href={path}>Show all invoices</LinkButton>}>
              Take the filter away to see more.
            </EmptyState>
          ) : (
            <EmptyState title="No invoices yet" action={<LinkButton href={`${base}/plans`}>See plans</LinkButton>}>
              A customer gets one when it subscribes to a plan with a fee, and whenever its billing cycle ends and every
              call of it is stored.
            </EmptyState>
          )
        }
      />
      {count > 0 ? (
        <Pagination
          summary={`${count} ${count === 1 ? 'invoice' : 'invoices'} on this page`}
          previousHref={cursor ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={page.nextCursor ? hrefWith(path, search, { cursor: page.nextCursor }) : undefined}
        />
      ) : null}
    </>
  );
}

function invoiceRows(items: readonly InvoiceSummary[]) {
  return [
    [
      ...['number', 'customer', 'customer id', 'mode', 'state', 'issued', 'due', 'total nano-USD', 'paid nano-USD'],
      ...['credited nano-USD', 'still due nano-USD', 'paid by'],
    ],
    ...items.map((item) => [
      ...[item.number, item.customerName, item.customerId, item.livemode ? 'live' : 'test', item.state, item.issuedAt],
      ...[item.dueAt, item.totalNanoUsd, item.paidNanoUsd, item.creditedNanoUsd, item.dueNanoUsd, item.paidBy],
    ]),
  ];
}
