'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Customer } from '../outputs.ts';

/** Stops all keys of a customer, or lets them work again. */
export function SuspendCustomer({ customer }: { readonly customer: Customer }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().customer.update.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  if (customer.status === 'suspended') {
    const onClick = async () => {
      if (await submit({ customerId: customer.id, status: 'active' })) router.refresh();
    };
    return (
      <div>
        <ProblemCallout problem={problem} />
        <Button pending={pending && 'Resuming…'} onClick={onClick}>
          Resume customer
        </Button>
      </div>
    );
  }
  return (
    <ConfirmDialog
      trigger={<Button>Suspend customer</Button>}
      title={`Suspend ${customer.name}?`}
      consequence={`Every key of ${customer.name} stops working in under a second. You can resume it.`}
      confirmLabel="Suspend customer"
      pendingLabel="Suspending…"
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ customerId: customer.id, status: 'suspended' });
          router.refresh();
        })
      }
    />
  );
}

/** Ends the subscription at once. */
export function EndSubscription({ customer, planName }: { readonly customer: Customer; readonly planName: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().subscription.end.mutationOptions());
  return (
    <ConfirmDialog
      trigger={<Button variant="quiet">End subscription</Button>}
      title={`End ${customer.name}'s subscription to ${planName}?`}
      consequence="Its keys stay, but no plan covers their calls any more: they are refused in under a second."
      confirmLabel="End subscription"
      pendingLabel="Ending…"
      typeToConfirm={customer.name}
      onConfirm={() =>
        attempt(async () => {
          await mutateAsync({ customerId: customer.id });
          router.refresh();
        })
      }
    />
  );
}
