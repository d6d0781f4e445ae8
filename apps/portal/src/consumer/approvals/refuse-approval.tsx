'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { Approval } from '../outputs.ts';

/** Refuses what an agent asked for, or ends what was approved. */
export function RefuseApproval({ approval }: { readonly approval: Approval }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().approval.decide.mutationOptions());
  const { agentName, state, id } = approval;
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          {state === 'asked' ? 'Refuse' : 'End'}
          <span className="sr-only"> payments of {agentName}</span>
        </Button>
      }
      title={state === 'asked' ? `Refuse what ${agentName} asks for?` : `End the approval of ${agentName}?`}
      consequence={`${agentName} cannot pay for this any more, and does not ask again for 24 hours.`}
      confirmLabel={state === 'asked' ? 'Refuse payment' : 'End approval'}
      pendingLabel="Refusing…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ approvalId: id, decision: 'refused' });
          router.refresh();
        })
      }
    />
  );
}
