'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../client/api.tsx';
import { attempt } from '../client/attempt.ts';
import type { Token } from './outputs.ts';

/** Ends a management token at once. */
export function RevokeToken({ token }: { readonly token: Token }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().token.revoke.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Revoke<span className="sr-only"> {token.name}</span>
        </Button>
      }
      title={`Revoke ${token.name}?`}
      consequence="Programs that use it are refused from the next request on. A revoked token never works again."
      confirmLabel="Revoke token"
      pendingLabel="Revoking…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ tokenId: token.id });
          router.refresh();
        })
      }
    />
  );
}
