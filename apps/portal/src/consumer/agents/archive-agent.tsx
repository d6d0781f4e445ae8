'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';

export interface ArchiveAgentProps {
  readonly agentId: string;
  readonly name: string;
  readonly returnTo: string;
}

/** Ends an agent and its keys; its history stays. */
export function ArchiveAgent({ agentId, name, returnTo }: ArchiveAgentProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().agent.archive.mutationOptions());
  const onConfirm = async () => {
    const failure = await attempt(() => mutateAsync({ agentId }));
    if (!failure) router.push(returnTo);
    return failure;
  };
  return (
    <ConfirmDialog
      trigger={<Button>Archive agent</Button>}
      title={`Archive ${name}?`}
      consequence={`All keys of ${name} stop working in under a second and cannot be brought back. What it spent stays in your charts.`}
      confirmLabel="Archive agent"
      pendingLabel="Archiving…"
      typeToConfirm={name}
      onConfirm={onConfirm}
    />
  );
}
