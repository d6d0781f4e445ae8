'use client';

import { Button, Field, Input, Select, TextLink } from '@tollwright/ui';
import type { Feature } from '../outputs.ts';
import { type EditorProps, replaced } from './editor-props.ts';
import { PERIOD_OPTIONS } from './limit-fields.tsx';
import type { Period } from './terms-draft.ts';

export interface QuotaFieldsProps extends EditorProps {
  readonly features: readonly Feature[];
  readonly metersHref: string;
}

/** How much of each feature the plan grants; calls beyond it are refused. */
export function QuotaFields({ draft, errors, onChange, features, metersHref }: QuotaFieldsProps) {
  const { quotas } = draft;
  const first = features[0];
  if (!first) {
    return (
      <p className="text-base text-muted">
        Quotas limit features, and there are none yet. <TextLink href={metersHref}>Create a feature</TextLink>
      </p>
    );
  }
  const change = (index: number, quota: (typeof quotas)[number] | null) =>
    onChange({ ...draft, quotas: replaced(quotas, index, quota) });
  return (
    <div className="grid gap-3">
      {quotas.map((quota, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
        <div key={index} className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[2fr_2fr_1.5fr_auto]">
          <Field label="Feature">
            <Select
              options={features.map(({ key, name }) => ({ value: key, label: name }))}
              value={quota.featureKey}
              onChange={(event) => change(index, { ...quota, featureKey: event.target.value })}
            />
          </Field>
          <Field label="Limit" error={errors[`quotas.${index}.limit`]}>
            <Input
              inputMode="numeric"
              value={quota.limit}
              onChange={(event) => change(index, { ...quota, limit: event.target.value })}
            />
          </Field>
          <Field label="Period">
            <Select
              options={PERIOD_OPTIONS}
              value={quota.period}
              onChange={(event) => change(index, { ...quota, period: event.target.value as Period })}
            />
          </Field>
          <Button variant="quiet" onClick={() => change(index, null)}>
            Remove<span className="sr-only"> quota {index + 1}</span>
          </Button>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          onClick={() =>
            onChange({ ...draft, quotas: [...quotas, { featureKey: first.key, limit: '', period: 'month' }] })
          }
        >
          Add quota
        </Button>
      </div>
    </div>
  );
}
