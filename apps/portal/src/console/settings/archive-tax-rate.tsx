'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { Outputs } from '../outputs.ts';

/** Puts a tax rate away. */
export function ArchiveTaxRate({ rate }: { readonly rate: Outputs['taxRate']['list']['items'][number] }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().taxRate.archive.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Archive
          <span className="sr-only">
            {' '}
            {rate.name} {rate.percent}%
          </span>
        </Button>
      }
      title={`Archive ${rate.name} ${rate.percent}%?`}
      consequence="No customer can be given it any more. Invoices keep what they say. This cannot be undone."
      confirmLabel="Archive tax rate"
      pendingLabel="Archiving…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ taxRateId: rate.id });
          router.refresh();
        })
      }
    />
  );
}
