'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Select } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { nanoUsdOf } from '../../plan/usd.ts';

const KINDS = [
  { value: 'promotional', label: 'Promotional' },
  { value: 'paid', label: 'Paid by hand' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

const PRIORITY = '50';

/** Gives a customer credit, or takes it back with an amount below zero. */
export function GrantCredit({ customerId }: { readonly customerId: string }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().credit.grant.mutationOptions());
  const { submit, pending, problem } = useSubmit(mutateAsync);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [kind, setKind] = useState<Kind>('promotional');
  const [expires, setExpires] = useState('');
  const [priority, setPriority] = useState(PRIORITY);
  const [wrong, setWrong] = useState<string | undefined>();
  const isBack = amount.trim().startsWith('-');
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const nanoUsd = nanoUsdOf(amount.trim().replace(/^-/, ''));
    setWrong(nanoUsd === null ? 'Write dollars, such as 5 or -0.50.' : undefined);
    if (nanoUsd === null) return;
    const terms = {
      ...{ kind, priority: Number(priority) },
      ...(expires === '' ? {} : { expiresAt: new Date(`${expires}Z`).toISOString() }),
    };
    const change = { customerId, amountNanoUsd: `${isBack ? '-' : ''}${nanoUsd}`, reason };
    if (!(await submit(isBack ? change : { ...change, ...terms }))) return;
    setAmount('');
    setReason('');
    setExpires('');
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="my-4 flex flex-wrap items-start gap-2">
      <Field label="Give credit" hint="Below zero takes it back, promotional first." error={wrong} className="w-40">
        <Input inputMode="decimal" suffix="USD" value={amount} onChange={(event) => setAmount(event.target.value)} />
      </Field>
      <Field label="Why" hint="The customer reads it." className="w-64">
        <Input required maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {isBack ? null : (
        <>
          <Field label="Kind" hint="Promotional was not paid for." className="w-44">
            <Select options={KINDS} value={kind} onChange={(event) => setKind(event.target.value as Kind)} />
          </Field>
          <Field label="Expires" hint="UTC; never when left empty." className="w-56" optional>
            <Input type="datetime-local" value={expires} onChange={(event) => setExpires(event.target.value)} />
          </Field>
          <Field label="Priority" hint="0 to 100, lower is used first." className="w-40">
            <Input
              required
              type="number"
              min={0}
              max={100}
              value={priority}
              onChange={(event) => setPriority(event.target.value)}
            />
          </Field>
        </>
      )}
      <Button type="submit" pending={pending && 'Giving…'} className="sm:mt-6">
        Give credit
      </Button>
      <ProblemCallout problem={problem} />
    </form>
  );
}
