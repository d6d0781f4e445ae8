'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Sheet } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { SnippetTarget } from '../snippets.ts';
import { CreateKeyForm, type NewKey } from './create-key-form.tsx';
import { CreatedKey } from './created-key.tsx';

export interface CreateKeyProps {
  readonly agentId: string;
  readonly agentName: string;
  /** What a key is capped at unless told otherwise; null without a plan, when the form must say it. */
  readonly defaultCap: { readonly limitNanoUsd: string; readonly period: string } | null;
  readonly target: SnippetTarget | null;
  readonly variant?: 'primary' | 'secondary';
}

/** Makes a key and shows it once. */
export function CreateKey({ agentId, agentName, defaultCap, target, variant = 'primary' }: CreateKeyProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().key.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<string>();

  const change = (next: boolean) => {
    setOpen(next);
    if (!next && made !== undefined) {
      setMade(undefined);
      router.refresh();
    }
  };
  const create = async (key: NewKey) => {
    const answer = await submit({ agentId, ...key });
    if (answer) setMade(answer.key);
  };

  return (
    <>
      <Button variant={variant} onClick={() => setOpen(true)}>
        Create key
      </Button>
      <Sheet
        open={open}
        onOpenChange={change}
        title={made === undefined ? `Create a key for ${agentName}` : `Key of ${agentName}`}
        description={
          made === undefined ? 'One key for each place the agent runs, so that one can be revoked alone.' : undefined
        }
      >
        {made === undefined ? (
          <CreateKeyForm
            defaultCap={defaultCap}
            pending={pending}
            problem={problem}
            errorOf={errorOf}
            onCreate={create}
            onCancel={() => change(false)}
          />
        ) : (
          <CreatedKey agentName={agentName} value={made} target={target} onDone={() => change(false)} />
        )}
      </Sheet>
    </>
  );
}
