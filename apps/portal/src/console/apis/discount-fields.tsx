'use client';

import { Field, Input, Select } from '@tollwright/ui';
import type { Route } from '../outputs.ts';
import { tiersOf, tiersTyped } from './discount-text.ts';

export type DiscountField = 'discount';

const PERIODS = [
  { value: 'month', label: 'In a month, UTC' },
  { value: 'day', label: 'In a day, UTC' },
] as const;

/** What the form says of discounts, as a route has it; or what is wrong with it. */
export function discountOf(form: FormData) {
  const tiers = tiersOf(String(form.get('discount') ?? ''));
  const period = PERIODS.find(({ value }) => value === form.get('discountPeriod'))?.value ?? 'month';
  const wrong: Partial<Record<DiscountField, string>> =
    tiers === null ? { discount: 'Write up to eight such as 10% from 100 calls, 25% from 5 USD.' } : {};
  return { wrong, wanted: { discount: tiers === null || tiers.length === 0 ? null : { period, tiers } } };
}

export interface DiscountFieldsProps {
  readonly route: Route;
  readonly error: string | undefined;
}

/** What who pays often pays less. */
export function DiscountFields({ route: { discount }, error }: DiscountFieldsProps) {
  return (
    <>
      <Field
        label="Volume discounts"
        hint="From so many paid calls of one payer on this API, or so much paid, such as 10% from 100 calls, 25% from 5 USD. The highest that is reached counts. Payers are known by a key, by signing in, or by their wallet."
        optional
        error={error}
      >
        <Input name="discount" defaultValue={discount === null ? '' : tiersTyped(discount.tiers)} />
      </Field>
      <Field label="Volumes count" hint="Payments count in the period in which their call began.">
        <Select name="discountPeriod" defaultValue={discount?.period ?? 'month'} options={PERIODS} />
      </Field>
    </>
  );
}
