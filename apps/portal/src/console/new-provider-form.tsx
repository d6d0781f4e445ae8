'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input } from '@tollwright/ui';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';
import { slugOf } from './slug-of.ts';

export function NewProviderForm() {
  const { mutateAsync } = useMutation(useApi().account.createProvider.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [name, setName] = useState('');
  const [typedSlug, setTypedSlug] = useState<string | null>(null);
  const slug = typedSlug ?? slugOf(name);
  const nameField = useRef<HTMLInputElement>(null);
  // The page may be typed into before this script runs.
  useEffect(() => setName(nameField.current?.value ?? ''), []);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const provider = await submit({ name, slug, timeZone });
    if (provider) window.location.assign(`/console/${provider.slug}`);
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Organization name" error={errorOf('name')}>
        <Input
          ref={nameField}
          name="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="organization"
          required
        />
      </Field>
      <Field label="Address" hint={`Your APIs will be at /${slug || 'your-name'}/…`} error={errorOf('slug')}>
        <Input name="slug" value={slug} onChange={(event) => setTypedSlug(event.target.value)} required />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending && 'Creating…'}>
        Create organization
      </Button>
    </form>
  );
}
