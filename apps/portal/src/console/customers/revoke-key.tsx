'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';

export interface RevokeKeyProps {
  readonly customerId: string;
  readonly keyId: string;
  readonly keyName: string;
  readonly agentName: string;
}

/** Ends a key at every gateway. */
export function RevokeKey({ customerId, keyId, keyName, agentName }: RevokeKeyProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().key.revoke.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Revoke<span className="sr-only"> {keyName}</span>
        </Button>
      }
      title={`Revoke ${keyName}?`}
      consequence={`${agentName} stops working with this key in under a second, at every gateway. A revoked key never works again.`}
      confirmLabel="Revoke key"
      pendingLabel="Revoking…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ customerId, keyId });
          router.refresh();
        })
      }
    />
  );
}
