'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';

/** Ends the plan; without one no key is served. */
export function EndSubscription({ planName }: { readonly planName: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().subscription.end.mutationOptions());
  const onConfirm = async () => {
    const failure = await attempt(() => mutateAsync({}));
    if (!failure) router.refresh();
    return failure;
  };
  return (
    <ConfirmDialog
      trigger={<Button>End subscription</Button>}
      title={`End ${planName}?`}
      consequence="All your agents stop working in under a second: no plan covers their calls. Keys and history stay, and what is posted stays owed. Subscribe again to go on."
      confirmLabel="End subscription"
      pendingLabel="Ending…"
      typeToConfirm={planName}
      onConfirm={onConfirm}
    />
  );
}
