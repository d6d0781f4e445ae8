'use client';

import { Button } from '@tollwright/ui';
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';

export function AcceptInvitation({ token, organization }: { readonly token: string; readonly organization: string }) {
  const { mutateAsync } = useMutation(useApi().account.acceptInvitation.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const onClick = async () => {
    if (await submit({ token })) window.location.assign('/console');
  };
  return (
    <div className="grid gap-4">
      <ProblemCallout problem={problem} />
      <Button variant="primary" size="lg" pending={pending && 'Joining…'} onClick={onClick}>
        Join {organization}
      </Button>
    </div>
  );
}
