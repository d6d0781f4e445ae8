'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';

/** Adds a tax rate. It cannot be changed, so that invoices mean what they say. */
export function TaxRateForm() {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().taxRate.create.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const typed = (name: string) => String(form.get(name)).trim();
    const saved = await submit({ name: typed('name'), percent: typed('percent'), region: typed('region') });
    if (!saved) return;
    element.reset();
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid max-w-2xl gap-4">
      <ProblemCallout problem={problem} />
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Tax" hint="As invoices say it: VAT." error={errorOf('name')}>
          <Input name="name" maxLength={40} required />
        </Field>
        <Field label="Percent" hint="Exactly: 19 or 8.875." error={errorOf('percent')}>
          <Input name="percent" inputMode="decimal" required />
        </Field>
        <Field label="Region" hint="A country or a state." error={errorOf('region')}>
          <Input name="region" maxLength={80} required />
        </Field>
      </div>
      <div>
        <Button type="submit" pending={pending && 'Adding tax rate…'}>
          Add tax rate
        </Button>
      </div>
    </form>
  );
}
