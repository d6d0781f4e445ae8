'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '@tollwright/ui';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';
import { joinedPath } from './joined-path.ts';

export function AcceptInvitation({ token, organization }: { readonly token: string; readonly organization: string }) {
  const api = useApi();
  const queries = useQueryClient();
  const { mutateAsync } = useMutation(api.account.acceptInvitation.mutationOptions());
  const join = async () => {
    const joined = await mutateAsync({ token });
    return joinedPath(joined, await queries.fetchQuery(api.account.organizations.queryOptions()));
  };
  const { submit, pending, problem } = useSubmit(join);
  const onClick = async () => {
    const path = await submit(undefined);
    if (path) window.location.assign(path);
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
