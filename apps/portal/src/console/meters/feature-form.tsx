'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Field, Input, useNavigate } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Meter } from '../outputs.ts';
import { slugOf } from '../slug-of.ts';

/** A feature: what plans limit, as the sum of some meters. */
export function FeatureForm({ meters, doneHref }: { readonly meters: readonly Meter[]; readonly doneHref: string }) {
  const navigate = useNavigate();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().feature.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [name, setName] = useState('');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const key = typedKey ?? slugOf(name).replaceAll('-', '_');
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const meterSlugs = new FormData(event.currentTarget).getAll('meters').map(String);
    if (!(await submit({ key, name, meterSlugs }))) return;
    navigate(doneHref);
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Name" hint="Such as Tokens." error={errorOf('name')}>
        <Input name="name" value={name} onChange={(event) => setName(event.target.value)} required />
      </Field>
      <Field label="Key" hint="Plans name it in quotas." error={errorOf('key')}>
        <Input name="key" mono value={key} onChange={(event) => setTypedKey(event.target.value)} required />
      </Field>
      <fieldset className="grid gap-2">
        <legend className="mb-2 text-sm font-medium text-ink">Meters, added up</legend>
        {meters.map((meter) => (
          <Checkbox key={meter.slug} name="meters" value={meter.slug} label={meter.name} hint={meter.slug} />
        ))}
        {errorOf('meterSlugs') ? <p className="text-sm text-red">{errorOf('meterSlugs')}</p> : null}
      </fieldset>
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Creating feature…'}>
          Create feature
        </Button>
      </div>
    </form>
  );
}
