import { Badge, EmptyState, PageHeader, Section, TextLink } from '@tollwright/ui';
import { AboutAgent } from '../../../../../../consumer/agents/about-agent.tsx';
import { agentData } from '../../../../../../consumer/agents/agent-data.ts';
import { BudgetPanel } from '../../../../../../consumer/budget/budget-panel.tsx';
import { CallSheet } from '../../../../../../consumer/calls/call-sheet.tsx';
import { CallsTable } from '../../../../../../consumer/calls/calls-table.tsx';
import { CreateKey } from '../../../../../../consumer/keys/create-key.tsx';
import { KeyList } from '../../../../../../consumer/keys/key-list.tsx';
import { OwnersOnly } from '../../../../../../consumer/owners-only.tsx';
import { ChannelsSection } from '../../../../../../consumer/payments/channels-section.tsx';
import { PaymentsSection } from '../../../../../../consumer/payments/payments-section.tsx';
import { type PortalParams, portalPage } from '../../../../../../consumer/portal-page.ts';
import { hrefWith, type SearchParams } from '../../../../../../usage/address.ts';
import { KeepFresh } from '../../../../../../usage/keep-fresh.tsx';
import { PeriodPicker } from '../../../../../../usage/period-picker.tsx';
import { UsageChart } from '../../../../../../usage/usage-chart.tsx';

export const metadata = { title: 'Agent' };

type Props = {
  readonly params: Promise<PortalParams & { readonly agent: string }>;
  readonly searchParams: Promise<SearchParams>;
};

/** One agent: its budget, its keys, what it did. */
export default async function AgentPage({ params, searchParams }: Props) {
  const { api, customer, provider, base, mayWrite } = await portalPage(params);
  const { agent: agentId } = await params;
  const search = await searchParams;
  const path = `${base}/agents/${agentId}`;
  const wanted = { agentId, customerId: customer.id, providerSlug: provider.slug, search };
  const data = await agentData(api, wanted);
  const { agent, budgetOf, period, call } = data;
  const archived = agent.archivedAt !== null;
  const mayChange = mayWrite && !archived;
  return (
    <>
      <PageHeader
        trail={[{ label: 'Agents', href: `${base}/agents` }]}
        title={agent.name}
        badge={archived ? <Badge tone="red">Archived</Badge> : undefined}
        description="What this agent may spend, the keys it calls with, and what it did."
        action={
          <>
            <KeepFresh readAt={new Date().toISOString()} />
            {mayChange ? (
              <CreateKey agentId={agentId} agentName={agent.name} defaultCap={data.defaultCap} target={data.target} />
            ) : null}
            {mayWrite ? null : <OwnersOnly can="change agents" />}
          </>
        }
      />
      <Section title="Budget" rule={false}>
        <BudgetPanel
          subject="agent"
          subjectId={agentId}
          name={agent.name}
          budget={budgetOf.get(agentId)}
          mayWrite={mayChange}
          none="This agent has no budget of its own: the caps of its keys and the account’s budget hold it."
        />
      </Section>
      <Section id="keys" title="Keys" description="What the agent signs its calls with. Each key has a cap of its own.">
        <KeyList keys={data.keys} agentName={agent.name} budgets={budgetOf} mayWrite={mayChange} />
      </Section>
      <Section title="Usage" action={<PeriodPicker path={path} search={search} current={period.name} />}>
        <UsageChart
          title="Charged by model"
          series={data.series}
          measure="charged"
          period={period}
          filename={`${agent.name}-by-model`}
          empty={
            <EmptyState title={`Nothing charged in the ${period.label}`}>
              Calls with a key of this agent are on this chart within 5 seconds.
            </EmptyState>
          }
        />
      </Section>
      <Section
        title="Latest calls"
        action={<TextLink href={`${base}/usage?agent=${agentId}#calls`}>All its calls</TextLink>}
      >
        <CallsTable
          calls={data.calls}
          hrefOf={({ id }) => hrefWith(path, search, { call: id })}
          selectedId={call?.id}
          withAgent={false}
          empty={<p className="text-base text-muted">No calls yet.</p>}
        />
      </Section>
      <PaymentsSection payments={data.payments} />
      <ChannelsSection channels={data.channels} />
      <AboutAgent agent={agent} projects={data.projects} base={base} mayChange={mayChange} />
      {call ? <CallSheet call={call} base={base} closeHref={hrefWith(path, search, { call: null })} /> : null}
    </>
  );
}
