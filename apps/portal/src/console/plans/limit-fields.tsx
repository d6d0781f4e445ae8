'use client';

import { Field, Input, Select } from '@tollwright/ui';
import type { EditorProps } from './editor-props.ts';
import type { Period } from './terms-draft.ts';

const WINDOWS = [
  { value: '1', label: 'a second' },
  { value: '60', label: 'a minute' },
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
];
export const PERIOD_OPTIONS: readonly { readonly value: Period; readonly label: string }[] = [
  { value: 'minute', label: 'a minute' },
  { value: 'hour', label: 'an hour' },
  { value: 'day', label: 'a day' },
  { value: 'week', label: 'a week' },
  { value: 'month', label: 'a month' },
  { value: 'total', label: 'in total' },
];

/** Fee, minimum, rate limit, and what caps a key that its owner gave no budget. */
export function LimitFields({ draft, errors, onChange }: EditorProps) {
  const { rateWindowSeconds } = draft;
  const windows = WINDOWS.some(({ value }) => value === rateWindowSeconds)
    ? WINDOWS
    : [...WINDOWS, { value: rateWindowSeconds, label: `in ${rateWindowSeconds} seconds` }];
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Monthly fee" optional hint="Posted at once when somebody subscribes." error={errors.feeUsd}>
        <Input
          inputMode="decimal"
          suffix="USD a month"
          value={draft.feeUsd}
          onChange={(event) => onChange({ ...draft, feeUsd: event.target.value })}
        />
      </Field>
      <Field
        label="Minimum usage"
        optional
        hint="What is missing to it is invoiced at the end of a month."
        error={errors.minimumUsd}
      >
        <Input
          inputMode="decimal"
          suffix="USD a month"
          value={draft.minimumUsd}
          onChange={(event) => onChange({ ...draft, minimumUsd: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-2">
        <Field label="Rate limit" optional hint="Empty: no limit." error={errors.rateLimit}>
          <Input
            inputMode="numeric"
            suffix="requests"
            value={draft.rateLimit}
            onChange={(event) => onChange({ ...draft, rateLimit: event.target.value })}
          />
        </Field>
        <Field label="In each">
          <Select
            options={windows}
            value={rateWindowSeconds}
            onChange={(event) => onChange({ ...draft, rateWindowSeconds: event.target.value })}
          />
        </Field>
      </div>
      <Field
        label="Most output tokens of a call"
        hint="Put into calls that name no maximum, and held before each call."
        error={errors.outputTokensMax}
      >
        <Input
          inputMode="numeric"
          suffix="tokens"
          value={draft.outputTokensMax}
          onChange={(event) => onChange({ ...draft, outputTokensMax: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-2">
        <Field label="Cap of a new key" hint="Owners may change it." error={errors.keyBudgetUsd}>
          <Input
            inputMode="decimal"
            suffix="USD"
            value={draft.keyBudgetUsd}
            onChange={(event) => onChange({ ...draft, keyBudgetUsd: event.target.value })}
          />
        </Field>
        <Field label="For each">
          <Select
            options={PERIOD_OPTIONS}
            value={draft.keyBudgetPeriod}
            onChange={(event) => onChange({ ...draft, keyBudgetPeriod: event.target.value as Period })}
          />
        </Field>
      </div>
    </div>
  );
}
