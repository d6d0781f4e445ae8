'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Callout, Field, Input } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';

export function ForgotPasswordForm({ returnTo }: { readonly returnTo: string }) {
  const { mutateAsync } = useMutation(useApi().account.requestReset.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [sent, setSent] = useState(false);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email'));
    if (await submit({ email, returnTo })) setSent(true);
  };
  if (sent)
    return (
      <Callout
        title="Check your mail"
        why="If that address has an account, a link is on its way. It works for one hour."
      />
    );
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="E-mail" error={errorOf('email')}>
        <Input name="email" type="email" autoComplete="username" required />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending && 'Sending…'}>
        Send link
      </Button>
    </form>
  );
}
