'use client';

import { useMutation } from '@tanstack/react-query';
import type { BreakerOptions } from '@tollwright/contracts';
import { Button, Field, Input, Textarea } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { Saved } from '../../client/saved.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Api } from '../outputs.ts';
import { errorWithin } from '../policies/option-errors.ts';
import { linesOf } from '../policies/options-draft.ts';
import { BreakerFields } from './breaker-fields.tsx';
import { breakerOf } from './upstream-draft.ts';

const TIMEOUTS = [
  { name: 'connectMs', label: 'Connect within', hint: 'Until the upstream takes the connection.' },
  { name: 'firstByteMs', label: 'First byte within', hint: 'Until the answer begins.' },
  { name: 'idleMs', label: 'Silence at most', hint: 'Between two parts of an answer.' },
  { name: 'totalMs', label: 'Whole call within', hint: 'Streams included.' },
] as const;

export interface UpstreamFormProps {
  readonly api: Api;
  readonly mayWrite: boolean;
  readonly fallbacksMax: number;
  readonly breakerDefault: BreakerOptions;
}

/** Where calls are forwarded to, how patiently, and what happens when the upstream fails. */
export function UpstreamForm({ api, mayWrite, fallbacksMax, breakerDefault }: UpstreamFormProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().api.update.mutationOptions());
  const { submit, pending, successes, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const timeouts = Object.fromEntries(TIMEOUTS.map(({ name }) => [name, Math.round(Number(form.get(name)))]));
    const name = String(form.get('name'));
    const upstreamBaseUrl = String(form.get('upstream'));
    const upstreamFallbacks = [...linesOf(String(form.get('fallbacks')))];
    const settings = { name, upstreamBaseUrl, upstreamFallbacks, upstreamBreaker: breakerOf(form), timeouts };
    if (await submit({ apiId: api.id, ...settings })) router.refresh();
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
        <Field
          label="Other addresses"
          optional
          hint={`The same API elsewhere: same paths, same credential. One a line, at most ${fallbacksMax}. A call goes to the next one when no connection can be made or a breaker is open, never once anything of it was sent.`}
          error={errorWithin(problem?.fields ?? {}, 'upstreamFallbacks')}
        >
          <Textarea name="fallbacks" mono rows={3} defaultValue={api.upstreamFallbacks.join('\n')} />
        </Field>
        <BreakerFields breaker={api.upstreamBreaker} byDefault={breakerDefault} errorOf={errorOf} />
        {mayWrite ? (
          <div className="flex items-center gap-3">
            <Button type="submit" variant="primary" pending={pending && 'Saving upstream…'}>
              Save upstream
            </Button>
            <Saved saves={successes} />
          </div>
        ) : null}
      </fieldset>
    </form>
  );
}
