import { PageHeader, Tabs } from '@tollwright/ui';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { portalEnv } from '../../../../../env.ts';
import { People } from '../../../../../team/people.tsx';
import { Tokens } from '../../../../../team/tokens.tsx';
import { choice, hrefWith, type SearchParams } from '../../../../../usage/address.ts';
import { webhooksData } from '../../../../../webhooks/webhooks-data.ts';
import { WebhooksPanel } from '../../../../../webhooks/webhooks-panel.tsx';

export const metadata = { title: 'Team' };

type Props = { readonly params: Promise<PortalParams>; readonly searchParams: Promise<SearchParams> };

const TABS = ['people', 'tokens', 'webhooks'] as const;
const LABELS = { people: 'People', tokens: 'Management tokens', webhooks: 'Webhooks' } as const;
/** What concerns no customer. */
const OF_PROVIDERS = ['plan.published'];

/** Who may look at this account, who may change it, and which programs may. */
export default async function TeamPage({ params, searchParams }: Props) {
  const { api, base, customer, mayWrite } = await portalPage(params);
  const search = await searchParams;
  const tab = choice(search, 'tab', TABS);
  const path = `${base}/team`;
  return (
    <>
      <PageHeader
        title="Team"
        description={
          mayWrite
            ? `People and programs that act for ${customer.name}.`
            : `People and programs that act for ${customer.name}. Owners change this; you are a viewer here.`
        }
      />
      <Tabs
        label="Team"
        items={TABS.map((name) => ({
          label: LABELS[name],
          href: hrefWith(path, {}, { tab: name === TABS[0] ? null : name }),
          current: name === tab,
        }))}
      />
      {tab === 'people' ? (
        <People members={await api.member.list({})} organization={customer.name} mayWrite={mayWrite} />
      ) : null}
      {tab === 'tokens' ? (
        <Tokens
          tokens={(await api.token.list({ limit: 200 })).items}
          portalUrl={portalEnv().PORTAL_PUBLIC_URL}
          mayWrite={mayWrite}
          tryPath="/agents"
          writeHint="May create agents and keys, change budgets and change the plan."
          does="create agents, read usage or revoke keys"
        />
      ) : null}
      {tab === 'webhooks' ? (
        <WebhooksPanel
          data={await webhooksData(api, search)}
          path={path}
          search={search}
          mayWrite={mayWrite}
          without={OF_PROVIDERS}
        />
      ) : null}
    </>
  );
}
