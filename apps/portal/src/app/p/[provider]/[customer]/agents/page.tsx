import { EmptyState, LinkButton, PageHeader, Pagination, Section } from '@tollwright/ui';
import { AgentFilters } from '../../../../../consumer/agents/agent-filters.tsx';
import { agentSpend } from '../../../../../consumer/agents/agent-spend.ts';
import { AgentTable } from '../../../../../consumer/agents/agent-table.tsx';
import { BudgetPanel } from '../../../../../consumer/budget/budget-panel.tsx';
import { OwnersOnly } from '../../../../../consumer/owners-only.tsx';
import { type PortalParams, portalPage } from '../../../../../consumer/portal-page.ts';
import { hrefWith, param, type SearchParams } from '../../../../../usage/address.ts';

export const metadata = { title: 'Agents' };

type Props = { readonly params: Promise<PortalParams>; readonly searchParams: Promise<SearchParams> };

const PAGE = 50;

export default async function AgentsPage({ params, searchParams }: Props) {
  const { api, provider, base, mayWrite } = await portalPage(params);
  const search = await searchParams;
  const path = `${base}/agents`;
  const wanted = {
    search: param(search, 'search'),
    projectId: param(search, 'project'),
    cursor: param(search, 'cursor'),
  };
  const [page, projects, home] = await Promise.all([
    api.agent.list({ ...wanted, limit: PAGE }),
    api.project.list({ limit: 200 }),
    api.usage.customerHome({}),
  ]);
  const spent = await agentSpend(
    api,
    page.items.map(({ id }) => id),
    home.from,
  );
  const budgets = home.budgets.filter(({ subject }) => subject === 'agent').map((one) => [one.subjectId, one] as const);
  const create = mayWrite ? (
    <LinkButton href={`${path}/new`} variant="primary">
      Create agent
    </LinkButton>
  ) : (
    <OwnersOnly can="create agents" />
  );
  const project = projects.items.find(({ id }) => id === wanted.projectId);
  const filtered = wanted.search !== undefined || wanted.projectId !== undefined;

  return (
    <>
      <PageHeader
        title="Agents"
        description={`Who calls ${provider.name} for you, what each spends and what it may still spend.`}
        action={home.agents === 0 ? null : create}
      />
      {home.agents === 0 ? null : <AgentFilters projects={projects.items} />}
      {project ? (
        <Section title={`Budget of ${project.name}`} rule={false}>
          <BudgetPanel
            subject="project"
            subjectId={project.id}
            name={project.name}
            budget={home.budgets.find(({ subject, subjectId }) => subject === 'project' && subjectId === project.id)}
            mayWrite={mayWrite}
            none="This project has no budget. One here stops its agents together, whatever their own budgets say."
          />
        </Section>
      ) : null}
      <AgentTable
        agents={page.items}
        base={base}
        projectNames={new Map(projects.items.map(({ id, name }) => [id, name]))}
        spentNanoUsd={spent}
        budgets={new Map(budgets)}
        empty={
          filtered ? (
            <EmptyState title="No agent matches" action={<LinkButton href={path}>Show all agents</LinkButton>}>
              Search looks for a part of the name, in the chosen project only.
            </EmptyState>
          ) : (
            <EmptyState title="No agent yet" action={create}>
              An agent is one program that calls for you. It has keys and a budget of its own, so that you see what it
              spends and can stop it alone.
            </EmptyState>
          )
        }
      />
      {page.items.length === 0 ? null : (
        <Pagination
          summary={`${page.items.length} shown of ${home.agents} agents`}
          previousHref={wanted.cursor ? hrefWith(path, search, { cursor: null }) : undefined}
          nextHref={page.nextCursor ? hrefWith(path, search, { cursor: page.nextCursor }) : undefined}
        />
      )}
    </>
  );
}
