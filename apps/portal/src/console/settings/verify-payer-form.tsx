'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Select } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { ListedCustomer } from '../outputs.ts';

const WALLET = 'wallet';

/** Says who a payer is. */
export function VerifyPayerForm({ customers }: { readonly customers: readonly Pick<ListedCustomer, 'id' | 'name'>[] }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().payer.verify.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const [who, setWho] = useState(WALLET);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const note = String(form.get('note')).trim();
    const payer = who === WALLET ? { address: String(form.get('address')).trim() } : { customerId: who };
    if (!(await submit({ ...payer, note }))) return;
    element.reset();
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid max-w-2xl gap-4">
      <ProblemCallout problem={problem} />
      <Field label="Payer" error={errorOf('customerId')}>
        <Select
          options={[
            { value: WALLET, label: 'A wallet' },
            ...customers.map(({ id, name }) => ({ value: id, label: `Customer: ${name}` })),
          ]}
          value={who}
          onChange={(event) => setWho(event.target.value)}
        />
      </Field>
      {who === WALLET ? (
        <Field label="Address" hint="On whatever network." error={errorOf('address')}>
          <Input name="address" mono placeholder="0x…" required />
        </Field>
      ) : null}
      <Field label="Who that is" hint="For your own people; payers never see it." error={errorOf('note')}>
        <Input name="note" required />
      </Field>
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Verifying…'}>
          Verify payer
        </Button>
      </div>
    </form>
  );
}
