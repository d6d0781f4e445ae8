'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { VerifiedPayer } from '../outputs.ts';

/** Takes a payer off the list. */
export function ForgetPayer({ payer }: { readonly payer: VerifiedPayer }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().payer.forget.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Remove<span className="sr-only"> {payer.note}</span>
        </Button>
      }
      title={`Remove ${payer.note}?`}
      consequence="The limits of your routes hold for this payer from its next payment on."
      confirmLabel="Remove payer"
      pendingLabel="Removing…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ verifiedPayerId: payer.id });
          router.refresh();
        })
      }
    />
  );
}
