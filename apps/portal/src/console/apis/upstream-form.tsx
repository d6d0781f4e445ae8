'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Api } from '../outputs.ts';

const TIMEOUTS = [
  { name: 'connectMs', label: 'Connect within', hint: 'Until the upstream takes the connection.' },
  { name: 'firstByteMs', label: 'First byte within', hint: 'Until the answer begins.' },
  { name: 'idleMs', label: 'Silence at most', hint: 'Between two parts of an answer.' },
  { name: 'totalMs', label: 'Whole call within', hint: 'Streams included.' },
] as const;

/** Where calls are forwarded to, and how patiently. */
export function UpstreamForm({ api, mayWrite }: { readonly api: Api; readonly mayWrite: boolean }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().api.update.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const timeouts = Object.fromEntries(TIMEOUTS.map(({ name }) => [name, Math.round(Number(form.get(name)))]));
    const name = String(form.get('name'));
    const upstreamBaseUrl = String(form.get('upstream'));
    if (await submit({ apiId: api.id, name, upstreamBaseUrl, timeouts })) router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="max-w-2xl">
      <fieldset disabled={!mayWrite} className="grid gap-4">
        <legend className="sr-only">Upstream</legend>
        <ProblemCallout problem={problem} />
        <Field label="Name" error={errorOf('name')}>
          <Input name="name" defaultValue={api.name} required />
        </Field>
        <Field label="Upstream address" hint="Where calls are forwarded to." error={errorOf('upstreamBaseUrl')}>
          <Input name="upstream" type="url" mono defaultValue={api.upstreamBaseUrl} required />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {TIMEOUTS.map(({ name, label, hint }) => (
            <Field key={name} label={label} hint={hint} error={errorOf(`timeouts.${name}`)}>
              <Input name={name} type="number" min={100} suffix="ms" defaultValue={api.timeouts[name]} required />
            </Field>
          ))}
        </div>
        {mayWrite ? (
          <div>
            <Button type="submit" variant="primary" pending={pending && 'Saving upstream…'}>
              Save upstream
            </Button>
          </div>
        ) : null}
      </fieldset>
    </form>
  );
}
