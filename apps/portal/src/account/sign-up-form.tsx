'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Callout, Field, Input } from '@tollwright/ui';
import { type FormEvent, useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';

export interface SignUpFormProps {
  /** Where the person goes once the address is confirmed. */
  readonly returnTo: string;
  readonly invitation?: { readonly token: string; readonly email: string };
}

export function SignUpForm({ returnTo, invitation }: SignUpFormProps) {
  const { mutateAsync } = useMutation(useApi().account.signUp.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get('email'));
    const answer = await submit({
      email,
      name: String(form.get('name')),
      password: String(form.get('password')),
      returnTo,
      ...(invitation ? { invitationToken: invitation.token } : {}),
    });
    if (answer?.status === 'verified') window.location.assign(`/sign-in?returnTo=${encodeURIComponent(returnTo)}`);
    else if (answer) setSentTo(email);
  };
  if (sentTo !== null) {
    return (
      <Callout
        title="Check your mail"
        why={`We sent a link to ${sentTo}. It works for 24 hours.`}
        next="Open it to confirm your address, then sign in."
      />
    );
  }
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Your name" error={errorOf('name')}>
        <Input name="name" autoComplete="name" required />
      </Field>
      <Field label="E-mail" error={errorOf('email')}>
        <Input
          name="email"
          type="email"
          autoComplete="username"
          required
          {...(invitation ? { defaultValue: invitation.email, readOnly: true } : {})}
        />
      </Field>
      <Field label="Password" hint="At least 10 characters." error={errorOf('password')}>
        <Input name="password" type="password" autoComplete="new-password" minLength={10} required />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending && 'Creating account…'}>
        Create account
      </Button>
    </form>
  );
}
