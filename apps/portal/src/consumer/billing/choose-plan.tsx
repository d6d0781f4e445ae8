'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';

export interface ChoosePlanProps {
  readonly planId: string;
  readonly planName: string;
  /** What is done: the first plan, another one, or the newest version of the same. */
  readonly kind: 'subscribe' | 'change' | 'update';
  readonly consequence: string;
}

const WORDS = {
  subscribe: { verb: 'Subscribe to', pending: 'Subscribing…' },
  change: { verb: 'Change to', pending: 'Changing…' },
  update: { verb: 'Move to the new version of', pending: 'Moving…' },
} as const;

/** Takes a plan, after saying what that means. */
export function ChoosePlan({ planId, planName, kind, consequence }: ChoosePlanProps) {
  const router = useRouter();
  const api = useApi();
  const subscribe = useMutation(api.subscription.create.mutationOptions());
  const move = useMutation(api.subscription.move.mutationOptions());
  const { verb, pending } = WORDS[kind];
  const label = `${verb} ${planName}`;
  const onConfirm = async () => {
    const run = kind === 'subscribe' ? subscribe.mutateAsync : move.mutateAsync;
    const failure = await attempt(() => run({ planId }));
    if (!failure) router.refresh();
    return failure;
  };
  return (
    <ConfirmDialog
      trigger={
        <Button variant={kind === 'subscribe' ? 'primary' : 'secondary'} className="w-full">
          {label}
        </Button>
      }
      title={`${label}?`}
      consequence={consequence}
      confirmLabel={label}
      pendingLabel={pending}
      tone="primary"
      onConfirm={onConfirm}
    />
  );
}
