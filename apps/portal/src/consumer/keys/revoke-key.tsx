'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';

export interface RevokeKeyProps {
  readonly keyId: string;
  readonly keyName: string;
  readonly agentName: string;
  /** Whether the agent has no other active key. */
  readonly isLast: boolean;
}

/** Ends a key at every gateway. */
export function RevokeKey({ keyId, keyName, agentName, isLast }: RevokeKeyProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().key.revoke.mutationOptions());
  const onConfirm = async () => {
    const failure = await attempt(() => mutateAsync({ keyId }));
    if (!failure) router.refresh();
    return failure;
  };
  return (
    <ConfirmDialog
      trigger={<Button size="sm">Revoke</Button>}
      title={`Revoke ${keyName}?`}
      consequence={
        isLast
          ? `${agentName} stops working in under a second: it has no other key. This cannot be undone.`
          : `Whatever uses this key stops working in under a second; ${agentName} keeps its other keys. This cannot be undone.`
      }
      confirmLabel="Revoke key"
      pendingLabel="Revoking…"
      onConfirm={onConfirm}
    />
  );
}
