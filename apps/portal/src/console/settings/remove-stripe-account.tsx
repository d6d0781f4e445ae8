'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { StripeAccount } from '../outputs.ts';

/** Stops taking card payments. */
export function RemoveStripeAccount({ account }: { readonly account: StripeAccount }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().stripe.remove.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Remove<span className="sr-only"> Stripe account {account.profile}</span>
        </Button>
      }
      title={`Remove ${account.profile}?`}
      consequence="Nobody can pay by card any more. Card payments that were made stay, are still settled, and can still be given back."
      confirmLabel="Remove Stripe account"
      pendingLabel="Removing…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ stripeAccountId: account.id });
          router.refresh();
        })
      }
    />
  );
}
