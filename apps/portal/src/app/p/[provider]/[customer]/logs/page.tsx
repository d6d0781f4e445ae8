import { PageHeader } from '@tollwright/ui';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { logData, namedOptions, withChosen } from '../../../../../logs/log-data.ts';
import { LogFilterBar } from '../../../../../logs/log-filter-bar.tsx';
import { LogList } from '../../../../../logs/log-list.tsx';
import { LOG_KEEPS } from '../../../../../logs/words-of-page.ts';
import { param, type SearchParams } from '../../../../../usage/address.ts';
import { KeepFresh } from '../../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Logs' };

type Props = { readonly params: Promise<PortalParams>; readonly searchParams: Promise<SearchParams> };

/** Why an owner's calls were answered as they were. */
export default async function CustomerLogsPage({ params, searchParams }: Props) {
  const { api, base } = await portalPage(params);
  const search = await searchParams;
  const nowMs = Date.now();
  const [page, agents, routes] = await Promise.all([
    logData(api, search, nowMs),
    namedOptions(api, search, 'agent', nowMs),
    namedOptions(api, search, 'route', nowMs),
  ]);
  const key = param(search, 'key');
  return (
    <>
      <PageHeader
        title="Logs"
        description={`Why your agents' calls were answered as they were. ${LOG_KEEPS}`}
        action={<KeepFresh readAt={new Date().toISOString()} />}
      />
      <LogFilterBar
        search={search}
        own={[
          { label: 'Agent', name: 'agent', options: agents },
          { label: 'Route', name: 'route', options: routes },
          ...(key === undefined
            ? []
            : [{ label: 'Key', name: 'key', options: withChosen([], key, page.items[0]?.keyName ?? key) }]),
        ]}
      />
      <LogList page={page} path={`${base}/logs`} search={search} withCustomer={false} />
    </>
  );
}
