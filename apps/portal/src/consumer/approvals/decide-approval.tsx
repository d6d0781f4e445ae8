'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Dialog, Field, Input, RadioGroup } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import type { Approval } from '../outputs.ts';

const HOW_OFTEN = [
  { value: 'once', label: 'Once', hint: 'One payment within 24 hours.' },
  { value: 'day', label: 'For 24 hours', hint: 'As many payments as the amount below has room for.' },
];
const NOT_AN_AMOUNT = 'Write an amount in USD, such as 5 or 0.50.';

/** Lets an agent pay what it asked for, once or for a day. */
export function DecideApproval({ approval }: { readonly approval: Approval }) {
  const [open, setOpen] = useState(false);
  const [typo, setTypo] = useState<string>();
  const formId = useId();
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().approval.decide.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const limitNanoUsd = nanoUsdOf(String(form.get('limit')));
    setTypo(limitNanoUsd === null ? NOT_AN_AMOUNT : undefined);
    if (limitNanoUsd === null) return;
    const decision = form.get('decision') === 'day' ? 'day' : 'once';
    if (!(await submit({ approvalId: approval.id, decision, limitNanoUsd }))) return;
    setOpen(false);
    router.refresh();
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Approve<span className="sr-only"> payments of {approval.agentName}</span>
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Let ${approval.agentName} pay`}
        description={`${approval.route} of ${approval.apiName}`}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" pending={pending && 'Approving…'}>
              Approve payment
            </Button>
          </>
        }
      >
        <form id={formId} onSubmit={onSubmit} className="grid gap-4">
          <ProblemCallout problem={problem} />
          <RadioGroup legend="How often" name="decision" options={HOW_OFTEN} defaultValue="once" />
          <Field label="At most, in sum" hint="At least what was asked for." error={typo ?? errorOf('limitNanoUsd')}>
            <Input
              name="limit"
              inputMode="decimal"
              suffix="USD"
              defaultValue={usdTyped(approval.priceNanoUsd)}
              required
            />
          </Field>
        </form>
      </Dialog>
    </>
  );
}
