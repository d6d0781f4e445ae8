'use client';

import { Field, Input, Select } from '@tollwright/ui';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import type { Route } from '../outputs.ts';

export type StepUpField = 'stepUpAbove' | 'stepUpPayerAbove';

const NEEDS = [
  { value: 'verified-payer', label: 'A payer that you verified' },
  { value: 'owner-approval', label: "An owner's approval, or a verified payer" },
] as const;
const DOLLARS = 'Write dollars with at most 9 decimals, such as 25.';

/** What the form says of large payments, as a route has it; or what is wrong with it. */
export function stepUpOf(form: FormData) {
  const typed = (name: StepUpField) => String(form.get(name) ?? '').trim();
  const amountOf = (name: StepUpField) => (typed(name) === '' ? null : nanoUsdOf(typed(name)));
  const [above, payerAbove] = [amountOf('stepUpAbove'), amountOf('stepUpPayerAbove')];
  const wrong: Partial<Record<StepUpField, string>> = {
    ...(typed('stepUpAbove') !== '' && above === null ? { stepUpAbove: DOLLARS } : {}),
    ...(typed('stepUpPayerAbove') !== '' && payerAbove === null ? { stepUpPayerAbove: DOLLARS } : {}),
  };
  const stepUpNeeds = NEEDS.find(({ value }) => value === form.get('stepUpNeeds'))?.value ?? 'verified-payer';
  return { wrong, wanted: { stepUpAboveNanoUsd: above, stepUpPayerAboveNanoUsd: payerAbove, stepUpNeeds } };
}

export interface StepUpFieldsProps {
  readonly route: Route;
  readonly errors: Readonly<Partial<Record<StepUpField, string | undefined>>>;
}

/** From which amounts on a payment needs more than money. */
export function StepUpFields({ route, errors }: StepUpFieldsProps) {
  const shown = (nanoUsd: string | null) => (nanoUsd === null ? '' : usdTyped(nanoUsd));
  return (
    <>
      <Field
        label="Large payments"
        hint="One payment of more than this needs what is chosen below. Empty: none does."
        optional
        error={errors.stepUpAbove}
      >
        <Input name="stepUpAbove" inputMode="decimal" suffix="USD" defaultValue={shown(route.stepUpAboveNanoUsd)} />
      </Field>
      <Field
        label="Large sums of one payer"
        hint="So does what one payer pays on this API in a day, UTC, beyond this. No payment channels are offered then."
        optional
        error={errors.stepUpPayerAbove}
      >
        <Input
          name="stepUpPayerAbove"
          inputMode="decimal"
          suffix="USD"
          defaultValue={shown(route.stepUpPayerAboveNanoUsd)}
        />
      </Field>
      <Field label="What they need" hint="You verify payers in the settings. Owners approve in your portal.">
        <Select name="stepUpNeeds" defaultValue={route.stepUpNeeds} options={NEEDS} />
      </Field>
    </>
  );
}
