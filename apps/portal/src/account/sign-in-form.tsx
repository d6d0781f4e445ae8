'use client';

import { Button, Callout, Field, Input } from '@tollwright/ui';
import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';

const REASONS: Readonly<Record<string, { title: string; next: string }>> = {
  unverified: {
    title: 'Confirm your address first',
    next: 'We sent you a link when you signed up. Sign up again with the same address to get a new one.',
  },
  throttled: { title: 'Too many attempts', next: 'Wait a quarter of an hour, or choose a new password.' },
};

const REJECTED = { title: 'The address or the password is wrong', next: 'Check both, or choose a new password.' };

export function SignInForm({ returnTo }: { readonly returnTo: string }) {
  const [pending, setPending] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setReason(null);
    const result = await signIn('credentials', {
      email: form.get('email'),
      password: form.get('password'),
      redirect: false,
    });
    if (result?.ok) window.location.assign(returnTo);
    else {
      setReason(result?.error ?? 'rejected');
      setPending(false);
    }
  };
  const said = reason === null ? null : (REASONS[reason] ?? REJECTED);
  return (
    <form onSubmit={onSubmit} className="grid gap-4">
      {said ? <Callout tone="error" title={said.title} next={said.next} /> : null}
      <Field label="E-mail">
        <Input name="email" type="email" autoComplete="username" required />
      </Field>
      <Field label="Password">
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      <Button type="submit" variant="primary" size="lg" pending={pending && 'Signing in…'}>
        Sign in
      </Button>
    </form>
  );
}
