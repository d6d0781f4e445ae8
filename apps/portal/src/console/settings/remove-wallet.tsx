'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { Wallet } from '../outputs.ts';

/** Stops offering a wallet. */
export function RemoveWallet({ wallet, name }: { readonly wallet: Wallet; readonly name: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().wallet.remove.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Remove<span className="sr-only"> wallet on {name}</span>
        </Button>
      }
      title={`Remove the wallet on ${name}?`}
      consequence={`Strangers cannot pay in ${wallet.tokenName} on ${name} any more. Payments that were asked for already still count.`}
      confirmLabel="Remove wallet"
      pendingLabel="Removing…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ walletId: wallet.id });
          router.refresh();
        })
      }
    />
  );
}
