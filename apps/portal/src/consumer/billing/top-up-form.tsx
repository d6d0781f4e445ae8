'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Select } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import { nanoUsdOf } from '../../plan/usd.ts';

interface TopUpFormProps {
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly packs: readonly { readonly key: string; readonly name: string }[];
}

/** Sets when a balance is topped up. What stood for the same balance is replaced. */
export function TopUpForm({ agents, packs }: TopUpFormProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().topUp.set.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [pack, setPack] = useState('');
  const [wrong, setWrong] = useState(false);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const dollars = (name: string) => nanoUsdOf(String(form.get(name) ?? '').trim());
    const [below, amount, cap] = [dollars('below'), pack === '' ? dollars('amount') : '0', dollars('cap')];
    setWrong(below === null || amount === null || cap === null);
    if (below === null || amount === null || cap === null) return;
    const agentId = String(form.get('agent') ?? '');
    const saved = await submit({
      ...(agentId === '' ? {} : { agentId }),
      ...{ belowNanoUsd: String(below), monthlyCapNanoUsd: String(cap) },
      ...(pack === '' ? { amountNanoUsd: String(amount) } : { pack }),
    });
    if (saved) router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="my-4 grid gap-3">
      <ProblemCallout problem={problem} />
      {wrong ? <p className="text-sm text-red">Write dollars, such as 5 or 0.50.</p> : null}
      <div className="grid grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap">
        <Field label="Balance of" className="sm:w-48">
          <Select name="agent" options={[{ value: '', label: 'All agents' }, ...agents.map(optionOf)]} />
        </Field>
        <Field label="When it falls below" error={errorOf('belowNanoUsd')} className="sm:w-40">
          <Input name="below" inputMode="decimal" suffix="USD" required />
        </Field>
        <Field label="Pay in" className="sm:w-44">
          <Select
            value={pack}
            onChange={(event) => setPack(event.target.value)}
            options={[
              { value: '', label: 'An amount' },
              ...packs.map(({ key, name }) => ({ value: key, label: name })),
            ]}
          />
        </Field>
        {pack === '' ? (
          <Field label="Amount" error={errorOf('amountNanoUsd')} className="sm:w-32">
            <Input name="amount" inputMode="decimal" suffix="USD" required />
          </Field>
        ) : null}
        <Field label="At most a month" error={errorOf('monthlyCapNanoUsd')} className="sm:w-40">
          <Input name="cap" inputMode="decimal" suffix="USD" required />
        </Field>
        <Button type="submit" pending={pending && 'Saving…'}>
          Set top-up
        </Button>
      </div>
    </form>
  );
}

function optionOf({ id, name }: { readonly id: string; readonly name: string }) {
  return { value: id, label: name };
}
