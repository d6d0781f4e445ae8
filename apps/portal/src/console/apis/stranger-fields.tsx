'use client';

import { Callout, Field, Input, Select } from '@tollwright/ui';
import { useState } from 'react';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import type { Plan, Route } from '../outputs.ts';
import { priceWarnings } from './price-warnings.ts';

/** A plan by whose prices strangers may pay. */
export type PriceList = Pick<Plan, 'id' | 'name'>;

export type StrangerField = 'price' | 'plan' | 'cap' | 'access' | 'freeStatuses' | 'freeField';

/** What the form says of strangers, as a route has it; or what is wrong with it. */
export function strangersOf(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const typedPrice = text('price');
  const strangerPriceNanoUsd = typedPrice === '' ? null : nanoUsdOf(typedPrice);
  const settles = SETTLES.find(({ value }) => value === text('settles'))?.value ?? 'after';
  const exposureCapNanoUsd = settles === 'optimistic' ? nanoUsdOf(text('cap')) : null;
  const accessSeconds = text('access') === '' ? null : secondsOf(text('access'));
  const statuses = text('freeStatuses')
    .split(/[\s,]+/)
    .filter((status) => status !== '');
  const wrong: Partial<Record<StrangerField, string>> = {
    ...(typedPrice !== '' && strangerPriceNanoUsd === null ? { price: DOLLARS } : {}),
    ...(settles === 'optimistic' && exposureCapNanoUsd === null ? { cap: DOLLARS } : {}),
    ...(accessSeconds === undefined ? { access: 'Write minutes up to 43200, which are 30 days.' } : {}),
    ...(statuses.every((status) => /^2\d\d$/.test(status)) ? {} : { freeStatuses: 'Write statuses from 200 to 299.' }),
  };
  const freeAnswers = { statuses: statuses.map(Number), zeroField: text('freeField') || null };
  const strangerPlanId = text('strangerPlan') || null;
  const wanted = { strangerPriceNanoUsd, strangerPlanId, settles, exposureCapNanoUsd, accessSeconds, freeAnswers };
  return { wrong, wanted };
}

/** Minutes as they are typed in seconds; undefined where they are none, or too many. */
function secondsOf(minutes: string): number | undefined {
  const seconds = /^\d{1,5}(?:\.\d{1,4})?$/.test(minutes) ? Math.round(Number(minutes) * 60) : 0;
  return seconds >= 1 && seconds <= ACCESS_SECONDS_MAX ? seconds : undefined;
}

const ACCESS_SECONDS_MAX = 30 * 86_400;
const DOLLARS = 'Write dollars with at most 9 decimals, such as 0.01.';
const SETTLES = [
  { value: 'after', label: 'After the answer came, before the caller gets it' },
  { value: 'before', label: 'Before the call is forwarded' },
  { value: 'optimistic', label: 'After the caller got the answer' },
] as const;

export interface StrangerFieldsProps {
  readonly route: Route;
  readonly plans: readonly PriceList[];
  /** By the name of a field. */
  readonly errors: Readonly<Partial<Record<StrangerField, string | undefined>>>;
}

/** What an agent without a key pays: one price a call, or what the call used and at most so much. */
export function StrangerFields({ route, plans, errors }: StrangerFieldsProps) {
  const [price, setPrice] = useState(route.strangerPriceNanoUsd === null ? '' : usdTyped(route.strangerPriceNanoUsd));
  const warnings = priceWarnings(nanoUsdOf(price));
  return (
    <>
      <Field
        label="Price for strangers"
        hint="What an agent without a key pays for one call. Empty refuses strangers."
        optional
        error={errors.price}
      >
        <Input
          name="price"
          inputMode="decimal"
          suffix="USD a call"
          value={price}
          onChange={(event) => setPrice(event.target.value)}
        />
      </Field>
      {warnings.length === 0 ? null : (
        <Callout
          tone="warning"
          title="Not everybody can pay this price"
          why={warnings.map((warning) => <p key={warning}>{warning}</p>)}
        />
      )}
      <Field
        label="How strangers are charged"
        hint="By a plan's prices, what a call used, and at most the price above. Only x402 with Permit2 can take less than was authorized, so no other way to pay is offered then."
        error={errors.plan}
      >
        <Select
          name="strangerPlan"
          defaultValue={route.strangerPlanId ?? ''}
          emptyLabel="The price above for every call"
          options={plans.map(({ id, name }) => ({ value: id, label: `By the prices of ${name}` }))}
        />
      </Field>
      <Field
        label="When strangers pay"
        hint="Streams at one price are paid before the call, unless the caller is trusted. A price by use is known, and paid, at the end."
      >
        <Select name="settles" defaultValue={route.settles} options={SETTLES} />
      </Field>
      <Field
        label="Trust in one payer"
        hint="Where they pay after the answer: how much of one payer may be served and not paid. Beyond it, and after a payment that never came, the call is paid first."
        optional
        error={errors.cap}
      >
        <Input
          name="cap"
          inputMode="decimal"
          suffix="USD"
          defaultValue={route.exposureCapNanoUsd === null ? '' : usdTyped(route.exposureCapNanoUsd)}
        />
      </Field>
      <Field
        label="Access after a payment"
        hint="For so long the wallet that paid gets in again by signing in, at no charge, as x402 clients do by themselves. Empty: every call is paid for."
        optional
        error={errors.access}
      >
        <Input
          name="access"
          inputMode="decimal"
          suffix="minutes"
          defaultValue={route.accessSeconds === null ? '' : String(Math.round((route.accessSeconds / 60) * 1e4) / 1e4)}
        />
      </Field>
      <Field
        label="Free statuses"
        hint="Answers with these statuses cost strangers nothing, such as 204."
        optional
        error={errors.freeStatuses}
      >
        <Input name="freeStatuses" defaultValue={route.freeAnswers.statuses.join(', ')} />
      </Field>
      <Field
        label="Free without any"
        hint="An event field of the extractor: where an answer counts none of it, strangers pay nothing."
        optional
        error={errors.freeField}
      >
        <Input name="freeField" defaultValue={route.freeAnswers.zeroField ?? ''} />
      </Field>
    </>
  );
}
