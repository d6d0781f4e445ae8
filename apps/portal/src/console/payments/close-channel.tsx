'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog, Money } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { networkName } from '../../payments/networks.ts';
import type { PaymentChannel } from '../outputs.ts';

/** Has the worker close a channel on its chain. */
export function CloseChannel({ channel }: { readonly channel: PaymentChannel }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().channel.close.mutationOptions());
  const { id, payer, network, unsettledNanoUsd } = channel;
  const short = `${payer.slice(0, 8)}…${payer.slice(-6)}`;
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm">
          Close<span className="sr-only"> the channel of {short}</span>
        </Button>
      }
      title={`Close the channel of ${short}?`}
      consequence={
        <>
          {unsettledNanoUsd === '0' ? (
            'All that was spent is settled.'
          ) : (
            <>
              You get the <Money nanoUsd={unsettledNanoUsd} /> that wait to be settled.
            </>
          )}{' '}
          The payer gets back what it did not spend, on {networkName(network)}. No voucher of this channel pays from
          then on; the payer may open another. The network fee is yours.
        </>
      }
      confirmLabel="Close channel"
      pendingLabel="Closing…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ channelKey: id });
          router.refresh();
        })
      }
    />
  );
}
