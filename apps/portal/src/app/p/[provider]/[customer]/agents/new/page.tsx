import { Callout, PageHeader } from '@tollwright/ui';
import { CreateAgentForm } from '../../../../../../consumer/agents/create-agent-form.tsx';
import { type PortalParams, portalPage } from '../../../../../../consumer/portal-page.ts';

export const metadata = { title: 'Create agent' };

export default async function NewAgentPage({ params }: { readonly params: Promise<PortalParams> }) {
  const { api, base, mayWrite } = await portalPage(params);
  const projects = await api.project.list({ limit: 200 });
  return (
    <>
      <PageHeader
        trail={[{ label: 'Agents', href: `${base}/agents` }]}
        title="Create agent"
        description="An agent has keys and a budget of its own. Its first key is the next step."
      />
      {mayWrite ? (
        <CreateAgentForm base={base} projects={projects.items.map(({ id, name }) => ({ id, name }))} />
      ) : (
        <Callout title="Owners create agents" why="You are a viewer here." next="Ask an owner of this account." />
      )}
    </>
  );
}
