'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, LinkButton } from '@tollwright/ui';
import { useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';
import { LinkOver } from './link-over.tsx';
import { signInPath } from './sign-in-path.ts';

/** Confirms on a press, not on opening: mail scanners open links too. */
export function VerifyEmail({ token }: { readonly token: string }) {
  const { mutateAsync } = useMutation(useApi().account.verifyEmail.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const [next, setNext] = useState<string | null>(null);
  if (next !== null) {
    return (
      <div className="grid gap-4">
        <p>Your address is confirmed.</p>
        <LinkButton variant="primary" size="lg" href={next}>
          Sign in
        </LinkButton>
      </div>
    );
  }
  const onClick = async () => {
    const answer = await submit({ token });
    if (answer) setNext(signInPath(answer.returnTo));
  };
  if (problem?.slug === 'bad-request') return <LinkOver href="/sign-up" next="Sign up again to get a new one" />;
  return (
    <div className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Button variant="primary" size="lg" pending={pending && 'Confirming…'} onClick={onClick}>
        Confirm my address
      </Button>
    </div>
  );
}
