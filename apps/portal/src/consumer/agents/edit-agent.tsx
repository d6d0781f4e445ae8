'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Sheet } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Agent, Project } from '../outputs.ts';
import { FrameworkField } from './framework-field.tsx';
import { formLines, metadataOf, repeatedName } from './metadata.ts';
import { MetadataFields } from './metadata-fields.tsx';
import { ProjectField } from './project-field.tsx';
import { useProjectChoice } from './use-project-choice.ts';

export interface EditAgentProps {
  readonly agent: Omit<Agent, 'activeKeys'>;
  readonly projects: readonly Pick<Project, 'id' | 'name'>[];
}

/** Changes what an agent is called, how it is built, where it belongs and what is noted about it. */
export function EditAgent({ agent, projects }: EditAgentProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Edit agent</Button>
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title={`Edit ${agent.name}`}
        description="Keys and budgets stay as they are; another project brings that project’s budget."
      >
        <EditForm agent={agent} projects={projects} onDone={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

function EditForm({ agent, projects, onDone }: EditAgentProps & { readonly onDone: () => void }) {
  const router = useRouter();
  const projectOf = useProjectChoice();
  const update = useMutation(useApi().agent.update.mutationOptions());
  const [lines, setLines] = useState(() => formLines(agent.metadata));
  const [typo, setTypo] = useState<string>();
  const { submit, pending, problem, errorOf } = useSubmit(async (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const changes = { name: text('name'), framework: text('framework'), metadata: metadataOf(lines, agent.metadata) };
    return update.mutateAsync({ agentId: agent.id, ...changes, projectId: await projectOf(form) });
  });
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const repeated = repeatedName(lines);
    setTypo(repeated === null ? undefined : `${repeated} stands twice. Keep one of the two.`);
    if (repeated !== null || !(await submit(new FormData(event.currentTarget)))) return;
    onDone();
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-5">
      <ProblemCallout problem={problem} />
      <Field label="Name" error={errorOf('name')}>
        <Input name="name" autoComplete="off" maxLength={120} defaultValue={agent.name} required />
      </Field>
      <FrameworkField defaultValue={agent.framework} error={errorOf('framework')} />
      <ProjectField projects={projects} current={agent.projectId ?? ''} />
      <MetadataFields lines={lines} onChange={setLines} error={typo ?? errorOf('metadata')} />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" pending={pending && 'Saving…'}>
          Save agent
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
