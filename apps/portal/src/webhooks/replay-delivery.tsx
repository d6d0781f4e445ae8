'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';

/** Sends a delivery again. */
export function ReplayDelivery({ deliveryId }: { readonly deliveryId: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().webhook.replay.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const replay = async () => {
    if ((await submit({ deliveryId })) !== undefined) router.refresh();
  };
  return (
    <>
      <ProblemCallout problem={problem} />
      <Button variant="primary" onClick={replay} pending={pending && 'Replaying…'}>
        Replay
      </Button>
    </>
  );
}
