'use client';

import { useMutation } from '@tanstack/react-query';
import { Button } from '@tollwright/ui';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { useSubmit } from '../client/use-submit.ts';
import type { WebhookEndpoint } from './outputs.ts';

/** Sends a test event and opens its delivery. */
export function SendTest({ endpoint: { id, url } }: { readonly endpoint: WebhookEndpoint }) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const { mutateAsync } = useMutation(useApi().webhook.test.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const send = async () => {
    const delivery = await submit({ endpointId: id });
    if (delivery === undefined) return;
    const shown = new URLSearchParams(search);
    shown.set('delivery', delivery.id);
    router.push(`${pathname}?${shown}`, { scroll: false });
  };
  return (
    <>
      <ProblemCallout problem={problem} />
      <Button size="sm" variant="quiet" onClick={send} pending={pending && 'Sending…'}>
        Send test event<span className="sr-only"> to {url}</span>
      </Button>
    </>
  );
}
