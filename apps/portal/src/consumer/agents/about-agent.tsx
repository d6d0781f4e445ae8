import { KeyValue, Section, Timestamp } from '@tollwright/ui';
import type { Agent, Project } from '../outputs.ts';
import { ArchiveAgent } from './archive-agent.tsx';
import { EditAgent } from './edit-agent.tsx';
import { metadataLines } from './metadata.ts';

export interface AboutAgentProps {
  readonly agent: Omit<Agent, 'activeKeys'>;
  readonly projects: readonly Pick<Project, 'id' | 'name'>[];
  readonly base: string;
  readonly mayChange: boolean;
}

/** What the owner noted about an agent, and the way to end it. */
export function AboutAgent({ agent, projects, base, mayChange }: AboutAgentProps) {
  return (
    <Section title="About">
      <KeyValue
        className="max-w-xl"
        items={[
          { label: 'Created', value: <Timestamp at={agent.createdAt} /> },
          { label: 'Framework', value: agent.framework || 'None' },
          { label: 'Project', value: projects.find(({ id }) => id === agent.projectId)?.name ?? 'None' },
          ...metadataLines(agent.metadata),
        ]}
      />
      {mayChange ? (
        <div className="mt-5 flex flex-wrap gap-2">
          <EditAgent agent={agent} projects={projects} />
          <ArchiveAgent agentId={agent.id} name={agent.name} returnTo={`${base}/agents`} />
        </div>
      ) : null}
    </Section>
  );
}
