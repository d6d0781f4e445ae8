import { Identifier, PageHeader, Section, Tabs } from '@tollwright/ui';
import { consolePage } from '../../../../../console/console-page.ts';
import { AgentsTab } from '../../../../../console/customers/agents-tab.tsx';
import { SuspendCustomer } from '../../../../../console/customers/customer-actions.tsx';
import { agentsData, planData } from '../../../../../console/customers/customer-data.ts';
import { CustomerStatus } from '../../../../../console/customers/customers-table.tsx';
import { PlanTab } from '../../../../../console/customers/plan-tab.tsx';
import { UsageTab } from '../../../../../console/customers/usage-tab.tsx';
import { OwnersOnly } from '../../../../../console/owners-only.tsx';
import { CustomerBillingForm } from '../../../../../invoice/customer-billing-form.tsx';
import { found } from '../../../../../server/found.ts';
import { choice, hrefWith, param, type SearchParams } from '../../../../../usage/address.ts';

export const metadata = { title: 'Customer' };

type Props = {
  readonly params: Promise<{ provider: string; customer: string }>;
  readonly searchParams: Promise<SearchParams>;
};

/** One customer: its plan, its agents and keys, its usage. */
export default async function CustomerPage({ params, searchParams }: Props) {
  const { customer: customerId } = await params;
  const { api, base, mayWrite } = await consolePage(params);
  const search = await searchParams;
  const path = `${base}/customers/${customerId}`;
  const tab = choice(search, 'tab', ['plan', 'agents', 'usage', 'billing']);
  const [customer, subscriptions] = await Promise.all([
    found(api.customer.get({ customerId })),
    found(api.subscription.list({ customerId, limit: 1 })),
  ]);
  const subscription = subscriptions.items.find(({ status }) => status === 'active') ?? null;
  const tabs = [
    { key: 'plan', label: 'Plan and budgets', href: path },
    { key: 'agents', label: 'Agents and keys', href: hrefWith(path, {}, { tab: 'agents' }) },
    { key: 'usage', label: 'Usage', href: hrefWith(path, {}, { tab: 'usage' }) },
    { key: 'billing', label: 'Billing data', href: hrefWith(path, {}, { tab: 'billing' }) },
  ] as const;
  return (
    <>
      <PageHeader
        title={customer.name}
        description={
          <>
            Its plan and budgets, its agents and keys, and what they used. <Identifier value={customer.id} />
          </>
        }
        trail={[{ label: 'Customers', href: `${base}/customers` }]}
        badge={<CustomerStatus {...customer} />}
        action={
          <OwnersOnly mayWrite={mayWrite} can="change customers">
            <SuspendCustomer customer={customer} />
          </OwnersOnly>
        }
      />
      <Tabs label={customer.name} items={tabs.map(({ key, label, href }) => ({ label, href, current: key === tab }))} />
      {tab === 'plan' ? (
        <PlanTab
          customer={customer}
          subscription={subscription}
          mayWrite={mayWrite}
          {...(await planData(api, customerId))}
        />
      ) : null}
      {tab === 'agents' ? (
        <Agents api={api} customerId={customerId} base={base} path={path} search={search} mayWrite={mayWrite} />
      ) : null}
      {tab === 'billing' ? (
        <Section title="Buyer" description="As its next invoices say it. Those that are issued stay as they are.">
          <CustomerBillingForm
            customerId={customerId}
            customerName={customer.name}
            billing={await api.customerBilling.get({ customerId })}
            rates={(await api.taxRate.list({ limit: 200 })).items}
            mayWrite={mayWrite}
          />
        </Section>
      ) : null}
      {tab === 'usage' ? <UsageTab api={api} customerId={customerId} base={base} path={path} search={search} /> : null}
    </>
  );
}

type AgentsProps = Parameters<typeof UsageTab>[0] & { readonly mayWrite: boolean };

async function Agents({ api, customerId, base, path, search, mayWrite }: AgentsProps) {
  const { agents, keys, usage, agentNames } = await agentsData(api, customerId, search);
  const cursor = param(search, 'cursor');
  return (
    <AgentsTab
      customerId={customerId}
      agents={agents.items}
      keys={keys.items}
      agentNames={agentNames}
      usage={usage}
      base={base}
      mayWrite={mayWrite}
      pages={{
        previous: cursor ? hrefWith(path, search, { cursor: null }) : undefined,
        next: agents.nextCursor ? hrefWith(path, search, { cursor: agents.nextCursor }) : undefined,
        nextKeys: keys.nextCursor ? hrefWith(path, search, { keys: keys.nextCursor }) : undefined,
      }}
    />
  );
}
