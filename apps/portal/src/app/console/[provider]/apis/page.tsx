import { Badge, EmptyState, Identifier, LinkButton, PageHeader, Pagination, Table, Timestamp } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { OwnersOnly } from '../../../../console/owners-only.tsx';
import { hrefWith, param, type SearchParams } from '../../../../usage/address.ts';

export const metadata = { title: 'APIs' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

/** The APIs that agents call through the gateway. */
export default async function ApisPage({ params, searchParams }: Props) {
  const { api, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const cursor = param(search, 'cursor');
  const { items, nextCursor } = await api.api.list(cursor ? { cursor } : {});
  const add = (
    <OwnersOnly mayWrite={mayWrite} can="add APIs">
      <LinkButton href={`${base}/apis/new`} variant="primary">
        Add API
      </LinkButton>
    </OwnersOnly>
  );
  return (
    <>
      <PageHeader
        title="APIs"
        description="What agents call through the gateway, and where it is forwarded to."
        action={items.length > 0 ? add : null}
      />
      <Table
        caption="APIs"
        rows={items}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `${base}/apis/${id}`}
        columns={[
          { key: 'name', header: 'Name', cell: ({ name }) => name },
          { key: 'url', header: 'Address for agents', cell: ({ baseUrl }) => <Identifier value={baseUrl} /> },
          {
            key: 'upstream',
            header: 'Upstream',
            cell: ({ upstreamBaseUrl }) => <span className="font-mono text-xs break-all">{upstreamBaseUrl}</span>,
          },
          {
            key: 'credential',
            header: 'Credential',
            cell: ({ upstreamCredential }) =>
              upstreamCredential ? <Badge tone="green">{upstreamCredential.header}</Badge> : <Badge>None</Badge>,
          },
          { key: 'created', header: 'Added', cell: ({ createdAt }) => <Timestamp at={createdAt} mode="date" /> },
        ]}
        empty={
          <EmptyState title="No APIs yet" action={add}>
            Paste an OpenAPI document, or give its address. Its operations become routes that agents call through the
            gateway, and your upstream credential never leaves it.
          </EmptyState>
        }
      />
      {cursor || nextCursor ? (
        <Pagination
          summary={`${items.length} APIs on this page`}
          previousHref={cursor ? hrefWith(`${base}/apis`, search, { cursor: null }) : undefined}
          nextHref={nextCursor ? hrefWith(`${base}/apis`, search, { cursor: nextCursor }) : undefined}
        />
      ) : null}
    </>
  );
}
