'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, SecretOnce, Sheet } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../client/api.tsx';
import { useSubmit } from '../client/use-submit.ts';
import type { NewWebhook, WebhookType } from './outputs.ts';
import { WebhookForm } from './webhook-form.tsx';

/** A new endpoint; its secret is shown once. */
export function AddWebhook({ types }: { readonly types: readonly WebhookType[] }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().webhook.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    setSecret(null);
  };
  const add = async (wanted: NewWebhook) => {
    const answer = await submit(wanted);
    if (answer === undefined) return;
    setSecret(answer.secret);
    router.refresh();
  };
  return (
    <>
      <Button variant="primary" onClick={() => change(true)}>
        Add endpoint
      </Button>
      <Sheet
        open={open}
        onOpenChange={change}
        title={secret === null ? 'New webhook endpoint' : 'Its signing secret'}
        description="Events are posted as JSON within a second of what they tell; any answer of 2xx counts as received."
      >
        {secret === null ? (
          <WebhookForm types={types} onSubmit={add} pending={pending} problem={problem} errorOf={errorOf} />
        ) : (
          <SecretOnce
            label="Signing secret"
            value={secret}
            warning="Receivers verify signatures by it. A lost secret cannot be shown again: rotate it."
            done={<Button onClick={() => change(false)}>I have stored it</Button>}
          />
        )}
      </Sheet>
    </>
  );
}
