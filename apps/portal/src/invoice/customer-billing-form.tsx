'use client';

import { useMutation } from '@tanstack/react-query';
import type { AppRouter } from '@tollwright/api';
import { Button, Field, Input, Select, Textarea } from '@tollwright/ui';
import type { inferRouterOutputs } from '@trpc/server';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../client/api.tsx';
import { ProblemCallout } from '../client/problem-callout.tsx';
import { Saved } from '../client/saved.tsx';
import { useSubmit } from '../client/use-submit.ts';

type Outputs = inferRouterOutputs<AppRouter>;
type TaxRate = Outputs['taxRate']['list']['items'][number];

export interface CustomerBillingFormProps {
  readonly customerId: string;
  readonly customerName: string;
  readonly billing: Outputs['customerBilling']['get'];
  /** The provider's own rates; null for the customer's people, who do not choose. */
  readonly rates: readonly TaxRate[] | null;
  readonly mayWrite: boolean;
}

/** What the next invoices say of a customer, and for its provider how they tax it. */
export function CustomerBillingForm({ customerId, customerName, billing, rates, mayWrite }: CustomerBillingFormProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().customerBilling.update.mutationOptions());
  const { submit, pending, successes, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name)).replaceAll('\r\n', '\n');
    const words = { name: typed('name'), address: typed('address'), taxId: typed('taxId'), email: typed('email') };
    const ofProvider = rates === null ? {} : { ...taxed(typed('tax')), netDays: days(typed('netDays')) };
    const saved = await submit({ customerId, ...words, ...ofProvider });
    if (saved) router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="max-w-2xl">
      <fieldset disabled={!mayWrite} className="grid gap-4">
        <legend className="sr-only">Buyer</legend>
        <ProblemCallout problem={problem} />
        <Field label="Name on invoices" hint={`${customerName} unless said otherwise.`} error={errorOf('name')}>
          <Input name="name" maxLength={200} defaultValue={billing.name ?? ''} autoComplete="organization" />
        </Field>
        <Field label="Postal address" error={errorOf('address')}>
          <Textarea name="address" maxLength={500} defaultValue={billing.address ?? ''} autoComplete="street-address" />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Tax ID" error={errorOf('taxId')}>
            <Input name="taxId" maxLength={60} defaultValue={billing.taxId ?? ''} />
          </Field>
          <Field label="E-mail for invoices" error={errorOf('email')}>
            <Input name="email" type="email" defaultValue={billing.email ?? ''} autoComplete="email" />
          </Field>
          {rates === null ? null : (
            <>
              <Field label="Tax" error={errorOf('taxRateId')}>
                <Select name="tax" defaultValue={billing.taxRate?.id ?? billing.tax} options={taxOptions(rates)} />
              </Field>
              <Field label="Days to pay" hint="Empty: as your settings say." error={errorOf('netDays')}>
                <Input name="netDays" type="number" min={0} max={180} defaultValue={billing.netDays ?? ''} />
              </Field>
            </>
          )}
        </div>
        {mayWrite ? (
          <div className="flex items-center gap-3">
            <Button type="submit" variant="primary" pending={pending && 'Saving billing data…'}>
              Save billing data
            </Button>
            <Saved saves={successes} />
          </div>
        ) : null}
      </fieldset>
    </form>
  );
}

function taxOptions(rates: readonly TaxRate[]) {
  return [
    { value: 'none', label: 'None' },
    { value: 'reverse-charge', label: 'Reverse charge' },
    ...rates.map(({ id, name, percent, region }) => ({ value: id, label: `${name} ${percent}%, ${region}` })),
  ];
}

function taxed(chosen: string) {
  if (chosen === 'none' || chosen === 'reverse-charge') return { tax: chosen } as const;
  return { tax: 'rate', taxRateId: chosen } as const;
}

function days(typed: string): number | null {
  return typed.trim() === '' ? null : Number(typed);
}
