'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { nanoUsdOf } from '../../plan/usd.ts';

/** Gives a customer credit, or takes it back with an amount below zero. */
export function GrantCredit({ customerId }: { readonly customerId: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().credit.grant.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState<string | undefined>();
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const isBack = amount.trim().startsWith('-');
    const nanoUsd = nanoUsdOf(amount.trim().replace(/^-/, ''));
    setWrong(nanoUsd === null ? 'Write dollars, such as 5 or -0.50.' : undefined);
    if (nanoUsd === null) return;
    if (!(await submit({ customerId, amountNanoUsd: `${isBack ? '-' : ''}${nanoUsd}`, reason }))) return;
    setAmount('');
    setReason('');
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="my-4 flex flex-wrap items-start gap-2">
      <Field label="Give credit" hint="Below zero takes it back." error={wrong} className="w-40">
        <Input inputMode="decimal" suffix="USD" value={amount} onChange={(event) => setAmount(event.target.value)} />
      </Field>
      <Field label="Why" hint="The customer reads it." className="w-64">
        <Input required maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <Button type="submit" pending={pending && 'Giving…'} className="sm:mt-6">
        Give credit
      </Button>
      <ProblemCallout problem={problem} />
    </form>
  );
}
