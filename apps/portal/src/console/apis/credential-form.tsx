'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Api } from '../outputs.ts';
import { CredentialFields } from './create-api-form.tsx';

/** Replaces the upstream credential, which can be written and never read. */
export function CredentialForm({ api }: { readonly api: Api }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().api.setCredential.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const credential = { header: String(form.get('header')), value: String(form.get('credential')) };
    if (!(await submit({ apiId: api.id, credential }))) return;
    element.reset();
    router.refresh();
  };
  const remove = () =>
    attempt(async () => {
      await mutateAsync({ apiId: api.id, credential: null });
      router.refresh();
    });
  return (
    <form onSubmit={onSubmit} className="grid max-w-2xl gap-4">
      <ProblemCallout problem={problem} />
      <CredentialFields errorOf={(path) => errorOf(`credential.${path}`)} header={api.upstreamCredential?.header} />
      <div className="flex gap-2">
        <Button type="submit" pending={pending && 'Setting credential…'}>
          {api.upstreamCredential ? 'Replace credential' : 'Set credential'}
        </Button>
        {api.upstreamCredential ? (
          <ConfirmDialog
            trigger={<Button variant="quiet">Remove credential</Button>}
            title={`Remove the upstream credential of ${api.name}?`}
            consequence={`Calls are forwarded without ${api.upstreamCredential.header}; the upstream may refuse them.`}
            confirmLabel="Remove credential"
            pendingLabel="Removing…"
            onConfirm={remove}
          />
        ) : null}
      </div>
    </form>
  );
}
