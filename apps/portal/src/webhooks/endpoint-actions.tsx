'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../client/api.tsx';
import { attempt } from '../client/attempt.ts';
import type { WebhookEndpoint } from './outputs.ts';
import { RotateSecret } from './rotate-secret.tsx';
import { SendTest } from './send-test.tsx';

/** What an owner does with an endpoint. */
export function EndpointActions({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  return (
    <span className="inline-flex flex-wrap justify-end gap-1.5">
      {endpoint.disabledBy === null ? <SendTest endpoint={endpoint} /> : null}
      <RotateSecret endpoint={endpoint} />
      <Toggle endpoint={endpoint} />
      <Remove endpoint={endpoint} />
    </span>
  );
}

function Toggle({ endpoint: { id, url, disabledBy } }: { readonly endpoint: WebhookEndpoint }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().webhook.update.mutationOptions());
  const disabled = disabledBy === null;
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          {disabled ? 'Disable' : 'Enable'}
          <span className="sr-only"> {url}</span>
        </Button>
      }
      title={disabled ? 'Disable this endpoint?' : 'Enable this endpoint?'}
      consequence={
        disabled
          ? 'It is told of nothing that happens from now on. What is on its way waits until you enable it again.'
          : 'What waits for it is sent at once, and it is told of what happens from now on.'
      }
      confirmLabel={disabled ? 'Disable endpoint' : 'Enable endpoint'}
      pendingLabel={disabled ? 'Disabling…' : 'Enabling…'}
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ endpointId: id, disabled });
          router.refresh();
        })
      }
    />
  );
}

function Remove({ endpoint: { id, url } }: { readonly endpoint: WebhookEndpoint }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().webhook.remove.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="quiet">
          Remove<span className="sr-only"> {url}</span>
        </Button>
      }
      title="Remove this endpoint?"
      consequence="It is told of nothing any more; what was sent to it, and what waits for it, is forgotten."
      confirmLabel="Remove endpoint"
      pendingLabel="Removing…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ endpointId: id });
          router.refresh();
        })
      }
    />
  );
}
