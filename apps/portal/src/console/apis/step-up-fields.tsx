'use client';

import { Field, Input, Select } from '@tollwright/ui';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import { STEP_UP_NEEDS, type StepUpLimits } from './step-up-text.ts';

export type StepUpField = 'stepUpAbove' | 'stepUpPayerAbove';
export type StepUpErrors = Readonly<Partial<Record<StepUpField, string | undefined>>>;

const DOLLARS = 'Write dollars with at most 9 decimals, such as 25.';

/** What the form says of large payments, as an API or a route has it; or what is wrong with it. */
export function stepUpOf(form: FormData) {
  const typed = (name: StepUpField) => String(form.get(name) ?? '').trim();
  const amountOf = (name: StepUpField) => (typed(name) === '' ? null : nanoUsdOf(typed(name)));
  const [above, payerAbove] = [amountOf('stepUpAbove'), amountOf('stepUpPayerAbove')];
  const wrong: Partial<Record<StepUpField, string>> = {
    ...(typed('stepUpAbove') !== '' && above === null ? { stepUpAbove: DOLLARS } : {}),
    ...(typed('stepUpPayerAbove') !== '' && payerAbove === null ? { stepUpPayerAbove: DOLLARS } : {}),
  };
  const stepUpNeeds = STEP_UP_NEEDS.find(({ value }) => value === form.get('stepUpNeeds'))?.value ?? 'verified-payer';
  return { wrong, wanted: { stepUpAboveNanoUsd: above, stepUpPayerAboveNanoUsd: payerAbove, stepUpNeeds } };
}

export interface StepUpFieldsProps {
  readonly limits: StepUpLimits;
  readonly errors: StepUpErrors;
}

/** From which amounts on a payment needs more than money. */
export function StepUpFields({ limits, errors }: StepUpFieldsProps) {
  const shown = (nanoUsd: string | null) => (nanoUsd === null ? '' : usdTyped(nanoUsd));
  return (
    <>
      <Field
        label="Above, for one payment"
        hint="One payment of more than this needs what is chosen below. Empty: none does."
        optional
        error={errors.stepUpAbove}
      >
        <Input name="stepUpAbove" inputMode="decimal" suffix="USD" defaultValue={shown(limits.stepUpAboveNanoUsd)} />
      </Field>
      <Field
        label="Above, for one payer in a day"
        hint="So does what one payer pays on this API in a day, UTC, beyond this. No payment channels are offered then."
        optional
        error={errors.stepUpPayerAbove}
      >
        <Input
          name="stepUpPayerAbove"
          inputMode="decimal"
          suffix="USD"
          defaultValue={shown(limits.stepUpPayerAboveNanoUsd)}
        />
      </Field>
      <Field label="What they need" hint="You verify payers in the settings. Owners approve in your portal.">
        <Select name="stepUpNeeds" defaultValue={limits.stepUpNeeds} options={STEP_UP_NEEDS} />
      </Field>
    </>
  );
}
