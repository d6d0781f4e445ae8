'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Field, Input } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { Saved } from '../../client/saved.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { Provider } from '../outputs.ts';

/** How the organization presents itself. Its address is part of the APIs' and stays. */
export function OrganizationForm({ provider, mayWrite }: { readonly provider: Provider; readonly mayWrite: boolean }) {
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().provider.update.mutationOptions());
  const { submit, pending, successes, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = (name: string) => String(form.get(name));
    const saved = await submit({
      name: typed('name'),
      brandColor: typed('brandColor').toLowerCase(),
      keyPrefix: typed('keyPrefix'),
      timeZone: typed('timeZone'),
      locale: typed('locale'),
    });
    if (saved) router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="max-w-2xl">
      <fieldset disabled={!mayWrite} className="grid gap-4">
        <legend className="sr-only">Organization</legend>
        <ProblemCallout problem={problem} />
        <Field label="Name" hint="Your customers see it." error={errorOf('name')}>
          <Input name="name" defaultValue={provider.name} autoComplete="organization" required />
        </Field>
        <Field label="Address" hint="Part of your APIs' addresses, so it cannot change.">
          <Input mono value={provider.slug} readOnly />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Colour" hint="Marks your portal." error={errorOf('brandColor')}>
            <Input name="brandColor" type="color" className="max-w-24 p-1" defaultValue={provider.brandColor} />
          </Field>
          <Field
            label="Key prefix"
            hint={`New keys begin with ${provider.keyPrefix}_live_.`}
            error={errorOf('keyPrefix')}
          >
            <Input name="keyPrefix" mono defaultValue={provider.keyPrefix} required />
          </Field>
          <Field label="Time zone" hint="Whose days charts show." error={errorOf('timeZone')}>
            <Input name="timeZone" list="time-zones" defaultValue={provider.timeZone} required />
          </Field>
          <Field label="Locale" hint="Such as en-US." error={errorOf('locale')}>
            <Input name="locale" defaultValue={provider.locale} required />
          </Field>
        </div>
        <datalist id="time-zones">
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        {mayWrite ? (
          <div className="flex items-center gap-3">
            <Button type="submit" variant="primary" pending={pending && 'Saving organization…'}>
              Save organization
            </Button>
            <Saved saves={successes} />
          </div>
        ) : null}
      </fieldset>
    </form>
  );
}
