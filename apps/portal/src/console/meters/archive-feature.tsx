'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { Feature } from '../outputs.ts';

/** Takes a feature off the list. */
export function ArchiveFeature({ feature }: { readonly feature: Feature }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().feature.archive.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Archive<span className="sr-only"> {feature.name}</span>
        </Button>
      }
      title={`Archive ${feature.name}?`}
      consequence="New plan versions cannot limit it. Versions that are published keep their quota."
      confirmLabel="Archive feature"
      pendingLabel="Archiving…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ featureId: feature.id });
          router.refresh();
        })
      }
    />
  );
}
