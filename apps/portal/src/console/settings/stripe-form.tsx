'use client';

import { useMutation } from '@tanstack/react-query';
import { Button, Checkbox, Field, Input } from '@tollwright/ui';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { useApi } from '../../client/api.tsx';
import { ProblemCallout } from '../../client/problem-callout.tsx';
import { useSubmit } from '../../client/use-submit.ts';
import type { StripeAccount } from '../outputs.ts';
import { TaxFields, taxOf } from './tax-fields.tsx';

/** Sets the Stripe account, or replaces its key. The key says whether it is of live or of test mode. */
export function StripeForm({ account }: { readonly account: StripeAccount | undefined }) {
  const profile = account?.profile;
  const router = useRouter();
  const { mutateAsync } = useMutation(useApi().stripe.set.mutationOptions());
  const { submit, pending, problem, errorOf } = useSubmit(mutateAsync);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const secretKey = String(form.get('secretKey')).trim();
    const saved = await submit({
      profile: String(form.get('profile')).trim(),
      secretKey,
      paymentMethodTypes: (['card', 'link'] as const).filter((type) => form.has(type)),
      livemode: !secretKey.includes('k_test_'),
      ...taxOf(form),
    });
    if (!saved) return;
    element.reset();
    router.refresh();
  };
  return (
    <form onSubmit={onSubmit} className="grid max-w-2xl gap-4">
      <ProblemCallout problem={problem} />
      <Field
        label="Business profile"
        hint="At Stripe, under Settings, Business. Agents grant their tokens to it."
        error={errorOf('profile')}
      >
        <Input name="profile" mono placeholder="profile_…" defaultValue={profile} required />
      </Field>
      <Field
        label="Secret key"
        hint="Better a restricted key, rk_live_…, that may write PaymentIntents and Refunds, for tax also tax calculations, and for top-ups Customers, Checkout Sessions, SetupIntents and PaymentMethods: whoever has a secret key can do everything in your account. A test key sets the account for test payments."
        error={errorOf('secretKey')}
      >
        <Input name="secretKey" type="password" mono autoComplete="off" placeholder="rk_live_…" required />
      </Field>
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium text-ink">Take</legend>
        <div className="flex gap-6">
          <Checkbox name="card" label="Cards" defaultChecked />
          <Checkbox name="link" label="Link" defaultChecked />
        </div>
        {errorOf('paymentMethodTypes') ? (
          <p className="mt-1 text-sm text-red">Choose at least one: {errorOf('paymentMethodTypes')}</p>
        ) : null}
      </fieldset>
      <TaxFields account={account} errorOf={errorOf} />
      <div>
        <Button type="submit" variant="primary" pending={pending && 'Setting account…'}>
          {profile === undefined ? 'Set account' : 'Replace account'}
        </Button>
      </div>
    </form>
  );
}
