'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input, Textarea } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { Saved } from '../../client/saved.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Outputs } from '../outputs.ts';

export interface InvoiceSettingsFormProps {
  readonly settings: Outputs['invoiceSettings']['get'];
  readonly providerName: string;
  readonly mayWrite: boolean;
}

/** What the next invoices say of the provider, how long customers have to pay, and what happens when they do not. */
export function InvoiceSettingsForm({ settings, providerName, mayWrite }: InvoiceSettingsFormProps) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().invoiceSettings.update.mutationOptions());
  const { submit, pending, successes, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name)).replaceAll('\r\n', '\n');
    const words = { legalName: typed('legalName'), address: typed('address'), taxId: typed('taxId') };
    const remindDays = (typed('remindDays').match(/\d+/g) ?? []).map(Number);
    const stopDays = typed('stopDays') === '' ? null : Number(typed('stopDays'));
    const days = { netDays: Number(typed('netDays')), remindDays, stopDays };
    const saved = await submit({ ...words, ...days, footer: typed('footer') });
    if (saved) router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="max-w-2xl">
      <fieldset disabled={!mayWrite} className="grid gap-4">
        <legend className="sr-only">Seller</legend>
        <ProblemCallout problem={problem} />
        <Field label="Legal name" hint={`${providerName} unless you say otherwise.`} error={errorOf('legalName')}>
          <Input name="legalName" maxLength={200} defaultValue={settings.legalName ?? ''} autoComplete="organization" />
        </Field>
        <Field label="Postal address" error={errorOf('address')}>
          <Textarea
            name="address"
            maxLength={500}
            defaultValue={settings.address ?? ''}
            autoComplete="street-address"
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Tax ID" hint="Such as DE123456789." error={errorOf('taxId')}>
            <Input name="taxId" maxLength={60} defaultValue={settings.taxId ?? ''} />
          </Field>
          <Field label="Days to pay" hint="From the day of issue, 0 to 180." error={errorOf('netDays')}>
            <Input name="netDays" type="number" min={0} max={180} required defaultValue={settings.netDays} />
          </Field>
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Reminders"
            hint="Days after the due day on which owners get a mail, such as 1, 7, 14. Empty for none."
            error={errorOf('remindDays')}
          >
            <Input name="remindDays" maxLength={40} defaultValue={settings.remindDays.join(', ')} />
          </Field>
          <Field
            label="Refuse live keys after"
            hint="Days after the due day, 1 to 180, until the invoice is paid. Empty for never."
            error={errorOf('stopDays')}
          >
            <Input name="stopDays" type="number" min={1} max={180} defaultValue={settings.stopDays ?? ''} />
          </Field>
        </div>
        <Field
          label="Footer"
          hint="Bank account, register, thanks: at the foot of every PDF."
          error={errorOf('footer')}
        >
          <Textarea name="footer" maxLength={1000} defaultValue={settings.footer ?? ''} />
        </Field>
        {mayWrite ? (
          <div className="flex items-center gap-3">
            <Button type="submit" variant="primary" pending={pending && 'Saving invoice settings…'}>
              Save invoice settings
            </Button>
            <Saved saves={successes} />
          </div>
        ) : null}
      </fieldset>
    </form>
  );
}
