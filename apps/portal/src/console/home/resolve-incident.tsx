'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';

/** Takes an incident off the first page, once somebody has looked at it. */
export function ResolveIncident({ incidentId, about }: { readonly incidentId: string; readonly about: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().incident.resolve.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Resolve<span className="sr-only"> {about}</span>
        </Button>
      }
      title="Resolve this incident?"
      consequence="It leaves this page and stays in the list of incidents. No figure changes."
      confirmLabel="Resolve incident"
      tone="primary"
      pendingLabel="Resolving…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ incidentId });
          router.refresh();
        })
      }
    />
  );
}
