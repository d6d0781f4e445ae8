import { PageHeader, Tabs } from '@tollwright/ui';
import { consolePage } from '../../../../console/console-page.ts';
import { AuditTab } from '../../../../console/settings/audit-tab.tsx';
import { InvoicesTab } from '../../../../console/settings/invoices-tab.tsx';
import { OrganizationForm } from '../../../../console/settings/organization-form.tsx';
import { RailFeesTab } from '../../../../console/settings/rail-fees-tab.tsx';
import { StripeTab } from '../../../../console/settings/stripe-tab.tsx';
import { VerifiedPayersTab } from '../../../../console/settings/verified-payers-tab.tsx';
import { WalletsTab } from '../../../../console/settings/wallets-tab.tsx';
import { portalEnv } from '../../../../env.ts';
import { People } from '../../../../team/people.tsx';
import { Tokens } from '../../../../team/tokens.tsx';
import { choice, hrefWith, param, type SearchParams } from '../../../../usage/address.ts';
import { webhooksData } from '../../../../webhooks/webhooks-data.ts';
import { WebhooksPanel } from '../../../../webhooks/webhooks-panel.tsx';

export const metadata = { title: 'Settings' };

type Props = { readonly params: Promise<{ provider: string }>; readonly searchParams: Promise<SearchParams> };
type Page = Awaited<ReturnType<typeof consolePage>> & { readonly search: SearchParams };

const TABS = [
  ...(['organization', 'invoices', 'wallets', 'stripe', 'fees'] as const),
  ...(['payers', 'team', 'tokens', 'webhooks', 'audit'] as const),
] as const;
const LABELS = {
  organization: 'Organization',
  invoices: 'Invoices',
  wallets: 'Wallets',
  stripe: 'Stripe',
  fees: 'Rail fees',
  payers: 'Verified payers',
  team: 'Team',
  tokens: 'Management tokens',
  webhooks: 'Webhooks',
  audit: 'Audit log',
} as const;

/** The organization itself: how it looks, where money goes, who may act. */
export default async function SettingsPage({ params, searchParams }: Props) {
  const page = { ...(await consolePage(params)), search: await searchParams };
  const tab = choice(page.search, 'tab', TABS);
  const path = `${page.base}/settings`;
  return (
    <>
      <PageHeader
        title="Settings"
        description={
          page.mayWrite
            ? 'How you present yourself, where money goes, and who may act for you.'
            : `Only owners can change settings. Your role is ${page.provider.role}.`
        }
      />
      <Tabs
        label="Settings"
        items={TABS.map((name) => ({
          label: LABELS[name],
          href: hrefWith(path, {}, { tab: name === TABS[0] ? null : name }),
          current: name === tab,
        }))}
      />
      {await tabOf(tab, page)}
    </>
  );
}

async function tabOf(tab: (typeof TABS)[number], { api, provider, base, mayWrite, search }: Page) {
  switch (tab) {
    case 'organization':
      return <OrganizationForm provider={await api.provider.get({})} mayWrite={mayWrite} />;
    case 'invoices': {
      const [settings, rates] = await Promise.all([api.invoiceSettings.get({}), api.taxRate.list({ limit: 200 })]);
      return <InvoicesTab settings={settings} rates={rates.items} providerName={provider.name} mayWrite={mayWrite} />;
    }
    case 'wallets':
      return <WalletsTab wallets={(await api.wallet.list({ limit: 200 })).items} mayWrite={mayWrite} />;
    case 'stripe':
      return <StripeTab accounts={(await api.stripe.list({ limit: 200 })).items} mayWrite={mayWrite} />;
    case 'fees':
      return <RailFeesTab fees={(await api.provider.get({})).railFees} mayWrite={mayWrite} />;
    case 'payers': {
      const [payers, customers] = await Promise.all([
        api.payer.verified({ limit: 200 }),
        api.customer.list({ limit: 200 }),
      ]);
      return <VerifiedPayersTab payers={payers.items} customers={customers.items} mayWrite={mayWrite} />;
    }
    case 'team':
      return <People members={await api.member.list({})} organization={provider.name} mayWrite={mayWrite} />;
    case 'tokens': {
      const { items } = await api.token.list({ limit: 200 });
      return (
        <Tokens
          tokens={items}
          portalUrl={portalEnv().PORTAL_PUBLIC_URL}
          mayWrite={mayWrite}
          tryPath="/provider"
          writeHint="May publish plans and revoke keys."
          does="create plans, read usage or revoke keys"
        />
      );
    }
    case 'webhooks':
      return (
        <WebhooksPanel
          data={await webhooksData(api, search)}
          path={`${base}/settings`}
          search={search}
          mayWrite={mayWrite}
        />
      );
    case 'audit': {
      const cursor = param(search, 'cursor');
      const href = (changes: Record<string, string | null>) => hrefWith(`${base}/settings`, search, changes);
      const [entries, members, tokens] = await Promise.all([
        api.provider.audit(cursor ? { cursor } : {}),
        api.member.list({}),
        api.token.list({ limit: 200 }),
      ]);
      return (
        <AuditTab
          entries={entries.items}
          members={members}
          tokens={tokens.items}
          previousHref={cursor ? href({ cursor: null }) : undefined}
          nextHref={entries.nextCursor ? href({ cursor: entries.nextCursor }) : undefined}
        />
      );
    }
  }
}
