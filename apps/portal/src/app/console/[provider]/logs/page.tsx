import { PageHeader } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { logData, namedOptions, withChosen } from '../../../../logs/log-data.ts';
import { LogFilterBar } from '../../../../logs/log-filter-bar.tsx';
import { LogList } from '../../../../logs/log-list.tsx';
import { LOG_KEEPS } from '../../../../logs/words-of-page.ts';
import { param, type SearchParams } from '../../../../usage/address.ts';
import { KeepFresh } from '../../../../usage/keep-fresh.tsx';

export const metadata = { title: 'Logs' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };

/** Why calls were answered as they were. */
export default async function LogsPage({ params, searchParams }: Props) {
  const { api, base } = await consolePage(params);
  const search = await searchParams;
  const nowMs = Date.now();
  const [page, customers, routes, apis] = await Promise.all([
    logData(api, search, nowMs),
    namedOptions(api, search, 'customer', nowMs),
    namedOptions(api, search, 'route', nowMs),
    namedOptions(api, search, 'api', nowMs),
  ]);
  const named = page.items[0];
  const chosen = (label: string, name: 'agent' | 'key', known: string | null | undefined) => {
    const id = param(search, name);
    return id === undefined ? [] : [{ label, name, options: withChosen([], id, known ?? id) }];
  };
  return (
    <>
      <PageHeader
        title="Logs"
        description={`Why calls were answered as they were. ${LOG_KEEPS}`}
        action={<KeepFresh readAt={new Date().toISOString()} />}
      />
      <LogFilterBar
        search={search}
        own={[
          { label: 'Customer', name: 'customer', options: customers },
          ...(apis.length > 1 ? [{ label: 'API', name: 'api', options: apis }] : []),
          { label: 'Route', name: 'route', options: routes },
          ...chosen('Agent', 'agent', named?.agentName),
          ...chosen('Key', 'key', named?.keyName),
        ]}
      />
      <LogList page={page} path={`${base}/logs`} search={search} withCustomer />
    </>
  );
}
