'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input } from '@tollwright/ui';
import type { FormEvent } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';

export function JoinForm({ providerSlug }: { readonly providerSlug: string }) {
  const { mutateAsync } = useMutation(useApi().account.becomeCustomer.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    const customer = await submit({ providerSlug, name });
    if (customer) window.location.assign(`/p/${providerSlug}/${customer.id}`);
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Organization name" error={errorOf('name')}>
        <Input name="name" autoComplete="organization" required />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending && 'Creating…'}>
        Continue
      </Button>
    </form>
  );
}
