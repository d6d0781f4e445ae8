'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, useNavigate } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { slugOf } from '../slug-of.ts';
import type { ReadDocument } from './document-form.tsx';

export interface CreateApiFormProps {
  readonly read: ReadDocument;
  readonly base: string;
  readonly providerSlug: string;
  readonly onBack: () => void;
}

/** The second step: what the API is called, and where its calls are forwarded to. */
export function CreateApiForm({ read, base, providerSlug, onBack }: CreateApiFormProps) {
  const navigate = useNavigate();
  const { mutateAsync } = useMutation(useApi().api.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [name, setName] = useState(read.preview.title);
  const [typedSlug, setTypedSlug] = useState<string | null>(null);
  const slug = typedSlug ?? slugOf(name);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = String(form.get('credential'));
    const api = await submit({
      name,
      slug,
      source: read.source,
      upstreamBaseUrl: String(form.get('upstream')),
      ...(value === '' ? {} : { upstreamCredential: { header: String(form.get('header')), value } }),
    });
    if (api) navigate(`${base}/apis/${api.id}`);
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Name" error={errorOf('name')}>
        <Input name="name" value={name} onChange={(event) => setName(event.target.value)} required />
      </Field>
      <Field label="Address" hint={`Agents call /${providerSlug}/${slug || 'api'}/…`} error={errorOf('slug')}>
        <Input name="slug" mono value={slug} onChange={(event) => setTypedSlug(event.target.value)} required />
      </Field>
      <Field label="Upstream address" hint="Where calls are forwarded to." error={errorOf('upstreamBaseUrl')}>
        <Input name="upstream" type="url" mono defaultValue={read.preview.serverUrl ?? ''} required />
      </Field>
      <CredentialFields errorOf={(path) => errorOf(`upstreamCredential.${path}`)} optional />
      <div className="flex gap-2">
        <Button type="submit" variant="primary" pending={pending && 'Adding API…'}>
          Add API
        </Button>
        <Button onClick={onBack}>Choose another document</Button>
      </div>
    </form>
  );
}

export interface CredentialFieldsProps {
  readonly errorOf: (path: string) => string | undefined;
  readonly header?: string | undefined;
  readonly optional?: boolean;
}

/** What the gateway proves itself with upstream. The value can be written, never read. */
export function CredentialFields({ errorOf, header = 'Authorization', optional = false }: CredentialFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-[1fr_2fr]">
      <Field label="Credential header" error={errorOf('header')}>
        <Input name="header" mono defaultValue={header} required />
      </Field>
      <Field
        label="Upstream credential"
        optional={optional}
        hint="The whole value with its scheme, such as Bearer sk-1234. Stored encrypted and never shown again."
        error={errorOf('value')}
      >
        <Input name="credential" type="password" mono autoComplete="off" required={!optional} />
      </Field>
    </div>
  );
}
