'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, LinkButton } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';
import { LinkOver } from './link-over.tsx';
import { signInPath } from './sign-in-path.ts';

export function ResetPasswordForm({ token }: { readonly token: string }) {
  const { mutateAsync } = useMutation(useApi().account.resetPassword.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [next, setNext] = useState<string | null>(null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = await submit({ token, password: String(new FormData(event.currentTarget).get('password')) });
    if (answer) setNext(signInPath(answer.returnTo));
  };
  if (next !== null) {
    return (
      <div className="grid gap-4">
        <p>Your new password works now. Other sessions are signed out.</p>
        <LinkButton variant="primary" size="lg" href={next}>
          Sign in
        </LinkButton>
      </div>
    );
  }
  if (problem?.slug === 'bad-request') return <LinkOver href="/forgot-password" next="Ask for a new one" />;
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="New password" hint="At least 10 characters." error={errorOf('password')}>
        <Input name="password" type="password" autoComplete="new-password" minLength={10} required />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending && 'Saving…'}>
        Save password
      </Button>
    </form>
  );
}
