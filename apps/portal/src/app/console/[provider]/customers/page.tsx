import { EmptyState, LinkButton, PageHeader, Pagination, Sheet } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { CustomerForm } from '../../../../console/customers/customer-form.tsx';
import { CustomersTable } from '../../../../console/customers/customers-table.tsx';
import { OwnersOnly } from '../../../../console/owners-only.tsx';
import { hrefWith, param, type SearchParams } from '../../../../usage/address.ts';

export const metadata = { title: 'Customers' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

const MONTH_MS = 30 * 86_400_000;

/** Agent owners who signed up, with their plan and usage. */
export default async function CustomersPage({ params, searchParams }: Props) {
  const { api, provider, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/customers`;
  const cursor = param(search, 'cursor');
  const [page, usage] = await Promise.all([
    api.customer.list(cursor ? { cursor } : {}),
    api.usage.top({ groupBy: 'customer', limit: 200, from: new Date(Date.now() - MONTH_MS).toISOString() }),
  ]);
  const add = (
    <OwnersOnly mayWrite={mayWrite} can="add customers">
      <LinkButton href={`${path}?new=customer`} variant="primary">
        Add customer
      </LinkButton>
    </OwnersOnly>
  );
  return (
    <>
      <PageHeader
        title="Customers"
        description="Owners of agents who signed up in your portal, with their plan and what they used."
        action={page.items.length > 0 ? add : null}
      />
      <CustomersTable
        customers={page.items}
        usage={usage}
        path={path}
        empty={
          <EmptyState
            title="No customers yet"
            action={
              <>
                {add}
                <LinkButton href={`/p/${provider.slug}`}>Open your portal</LinkButton>
              </>
            }
          >
            Agent owners sign up in your portal and choose a plan. Add one yourself for a contract that was signed
            elsewhere.
          </EmptyState>
        }
      />
      {cursor || page.nextCursor ? (
        <Pagination
          summary={`${page.items.length} customers on this page`}
          previousHref={cursor ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={page.nextCursor ? hrefWith(path, search, { cursor: page.nextCursor }) : undefined}
        />
      ) : null}
      {mayWrite && param(search, 'new') === 'customer' ? (
        <Sheet title="New customer" description="Without people at first; its plan comes next." closeHref={path}>
          <CustomerForm path={path} />
        </Sheet>
      ) : null}
    </>
  );
}
