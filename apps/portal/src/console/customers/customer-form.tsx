'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, useNavigate } from '@tollwright/ui';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';

/** A customer without people yet, as for a contract that was signed elsewhere. */
export function CustomerForm({ path }: { readonly path: string }) {
  const navigate = useNavigate();
  const { mutateAsync } = useMutation(useApi().customer.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const customer = await submit({ name: String(new FormData(event.currentTarget).get('name')) });
    if (customer) navigate(`${path}/${customer.id}`);
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Name" hint="The organization that owns the agents." error={errorOf('name')}>
        <Input name="name" autoComplete="off" required />
      </Field>
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Adding customer…'}>
          Add customer
        </Button>
      </div>
    </form>
  );
}
