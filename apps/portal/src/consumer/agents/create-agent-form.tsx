'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, LinkButton } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useRef, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { nanoUsdOf } from '../../plan/usd.ts';
import type { Project } from '../outputs.ts';
import { FrameworkField } from './framework-field.tsx';
import { type MetadataLine, metadataOf, repeatedName } from './metadata.ts';
import { MetadataFields } from './metadata-fields.tsx';
import { ProjectField } from './project-field.tsx';
import { useProjectChoice } from './use-project-choice.ts';

export interface CreateAgentFormProps {
  readonly base: string;
  readonly projects: readonly Pick<Project, 'id' | 'name'>[];
}

/** Name, framework, project, notes and a monthly budget: then the agent's own page, where its key is made. */
export function CreateAgentForm({ base, projects }: CreateAgentFormProps) {
  const router = useRouter();
  const createAgent = useCreateAgent();
  const { submit, pending, problem, errorOf } = useSubmit(createAgent);
  const [lines, setLines] = useState<readonly MetadataLine[]>([]);
  const [typos, setTypos] = useState<{ readonly limit?: string; readonly metadata?: string }>({});

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const limitNanoUsd = text('limit') === '' ? null : nanoUsdOf(text('limit'));
    const repeated = repeatedName(lines);
    const found = {
      ...(text('limit') !== '' && limitNanoUsd === null ? { limit: 'Write an amount in USD, such as 5 or 0.50.' } : {}),
      ...(repeated === null ? {} : { metadata: `${repeated} stands twice. Keep one of the two.` }),
    };
    setTypos(found);
    if (Object.keys(found).length > 0) return;
    const agentId = await submit({
      name: text('name'),
      framework: text('framework'),
      metadata: metadataOf(lines),
      limitNanoUsd,
      form,
    });
    if (agentId) router.push(`${base}/agents/${agentId}`);
  };

  return (
    <form onSubmit={onSubmit} className="grid max-w-xl gap-5">
      <ProblemCallout problem={problem} />
      <Field label="Name" hint="Charts, budgets and refusals call it by this." error={errorOf('name')}>
        <Input name="name" autoComplete="off" maxLength={120} required />
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <FrameworkField error={errorOf('framework')} />
        <Field
          label="Budget a month"
          optional
          hint="Calls beyond it are refused, never forwarded."
          error={typos.limit ?? errorOf('limitNanoUsd')}
        >
          <Input name="limit" inputMode="decimal" autoComplete="off" suffix="USD" />
        </Field>
      </div>
      <ProjectField projects={projects} />
      <MetadataFields lines={lines} onChange={setLines} error={typos.metadata ?? errorOf('metadata')} />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" pending={pending && 'Creating agent…'}>
          Create agent
        </Button>
        <LinkButton href={`${base}/agents`}>Cancel</LinkButton>
      </div>
    </form>
  );
}

interface NewAgent {
  readonly name: string;
  readonly framework: string;
  readonly metadata: ReturnType<typeof metadataOf>;
  readonly limitNanoUsd: string | null;
  readonly form: FormData;
}

/** Makes the project where one is new, the agent, then its budget. Trying again goes on from where it failed. */
function useCreateAgent(): (agent: NewAgent) => Promise<string> {
  const api = useApi();
  const projectOf = useProjectChoice();
  const agent = useMutation(api.agent.create.mutationOptions());
  const budget = useMutation(api.budget.set.mutationOptions());
  const madeId = useRef<string>(null);
  return async ({ form, limitNanoUsd, ...wanted }) => {
    madeId.current ??= (await agent.mutateAsync({ ...wanted, projectId: await projectOf(form) })).id;
    const subjectId = madeId.current;
    if (limitNanoUsd !== null) {
      await budget.mutateAsync({ subject: 'agent', subjectId, limitNanoUsd, period: 'month' });
    }
    return subjectId;
  };
}
