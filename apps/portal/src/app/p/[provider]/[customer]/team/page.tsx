import { PageHeader, Tabs } from '@tollwright/ui';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { portalEnv } from '../../../../../env.ts';
import { People } from '../../../../../team/people.tsx';
import { Tokens } from '../../../../../team/tokens.tsx';
import { choice, hrefWith, type SearchParams } from '../../../../../usage/address.ts';

export const metadata = { title: 'Team' };

type Props = { readonly params: Promise<PortalParams>; readonly searchParams: Promise<SearchParams> };

const TABS = ['people', 'tokens'] as const;
const LABELS = { people: 'People', tokens: 'Management tokens' } as const;

/** Who may look at this account, who may change it, and which programs may. */
export default async function TeamPage({ params, searchParams }: Props) {
  const { api, base, customer, mayWrite } = await portalPage(params);
  const tab = choice(await searchParams, 'tab', TABS);
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
      ) : (
        <Tokens
          tokens={(await api.token.list({ limit: 200 })).items}
          portalUrl={portalEnv().PORTAL_PUBLIC_URL}
          mayWrite={mayWrite}
          tryPath="/agents"
          writeHint="May create agents and keys, change budgets and change the plan."
          does="create agents, read usage or revoke keys"
        />
      )}
    </>
  );
}
