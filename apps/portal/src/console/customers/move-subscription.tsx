'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, ConfirmDialog, Field, Select } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { attempt } from '../../client/attempt.ts';
import type { Customer } from '../outputs.ts';
import type { VersionChoice } from './version-choices.ts';

export interface MoveSubscriptionProps {
  readonly customer: Customer;
  /** What the customer may be on, without what it is on. */
  readonly choices: readonly VersionChoice[];
  /** Null where there is no subscription yet. */
  readonly current: string | null;
}

/** Puts a customer on a version of a plan. */
export function MoveSubscription({ customer, choices, current }: MoveSubscriptionProps) {
  const router = useRouter();
  const api = useApi();
  const move = useMutation(api.subscription.move.mutationOptions()).mutateAsync;
  const subscribe = useMutation(api.subscription.create.mutationOptions()).mutateAsync;
  const [chosenId, setChosenId] = useState(choices[0]?.planVersionId ?? '');
  const chosen = choices.find(({ planVersionId }) => planVersionId === chosenId) ?? choices[0];
  if (!chosen) return <p className="text-base text-muted">There is no other published version to choose.</p>;
  const verb = current === null ? 'Subscribe' : 'Move';
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Field label={current === null ? 'Plan version' : 'Move to'} className="w-64">
        <Select
          options={choices.map(({ planVersionId, label }) => ({ value: planVersionId, label }))}
          value={chosen.planVersionId}
          onChange={(event) => setChosenId(event.target.value)}
        />
      </Field>
      <ConfirmDialog
        tone="primary"
        trigger={<Button>{current === null ? 'Subscribe customer' : 'Move subscription'}</Button>}
        title={`${verb} ${customer.name} to ${chosen.label}?`}
        consequence={
          current === null
            ? 'Its limits and prices hold from the next call on; the monthly fee is posted now.'
            : `New limits and prices hold from the next call on, in place of ${current}. What was used this period stays used.`
        }
        confirmLabel={`${verb} to ${chosen.label}`}
        pendingLabel={current === null ? 'Subscribing…' : 'Moving…'}
        onConfirm={() =>
          attempt(async () => {
            const target = { customerId: customer.id, planVersionId: chosen.planVersionId };
            await (current === null ? subscribe(target) : move(target));
            router.refresh();
          })
        }
      />
    </div>
  );
}
