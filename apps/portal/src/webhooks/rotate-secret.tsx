'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, SecretOnce, Sheet } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';
import type { WebhookEndpoint } from './outputs.ts';

/** Gives an endpoint a new secret, shown once. */
export function RotateSecret({ endpoint: { id, url } }: { readonly endpoint: WebhookEndpoint }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().webhook.rotate.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    setSecret(null);
  };
  const rotate = async () => {
    const answer = await submit({ endpointId: id });
    if (answer === undefined) return;
    setSecret(answer.secret);
    router.refresh();
  };
  return (
    <>
      <Button size="sm" variant="quiet" onClick={() => change(true)}>
        Rotate secret<span className="sr-only"> of {url}</span>
      </Button>
      <Sheet
        open={open}
        onOpenChange={change}
        title={secret === null ? 'Rotate the secret' : 'The new secret'}
        description="For 24 hours deliveries are signed by the old one and the new one, so that receivers can change over."
      >
        {secret === null ? (
          <div className="grid gap-4">
            <ProblemCallout problem={problem} />
            <p>A secret that was rotated less than 24 hours ago stops at once when you rotate again.</p>
            <div>
              <Button variant="primary" onClick={rotate} pending={pending && 'Rotating…'}>
                Rotate secret
              </Button>
            </div>
          </div>
        ) : (
          <SecretOnce
            label="Signing secret"
            value={secret}
            warning="A lost secret cannot be shown again: rotate it once more."
            done={<Button onClick={() => change(false)}>I have stored it</Button>}
          />
        )}
      </Sheet>
    </>
  );
}
