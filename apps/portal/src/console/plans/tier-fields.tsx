'use client';

import { Button, Field, Input } from '@tollwright/ui';
import { type EditorProps, replaced } from './editor-props.ts';
import { NEW_TIER, type TierDraft } from './unit-price-draft.ts';

export interface TierFieldsProps {
  readonly tiers: readonly TierDraft[];
  readonly path: string;
  readonly errors: EditorProps['errors'];
  readonly onChange: (tiers: readonly TierDraft[]) => void;
}

/** The tiers of a price, each with its last unit; the last has no end. */
export function TierFields({ tiers, path, errors, onChange }: TierFieldsProps) {
  const change = (index: number, part: Partial<TierDraft> | null) =>
    onChange(replaced(tiers, index, part === null ? null : { ...(tiers[index] ?? NEW_TIER), ...part }));
  return (
    <div className="grid gap-2">
      {tiers.map((tier, index) => {
        const own = `${path}.tiers.${index}`;
        const isLast = index === tiers.length - 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
          <div key={index} className="grid grid-cols-2 items-start gap-2 sm:grid-cols-[1fr_1fr_1fr_auto]">
            <Field label={isLast ? 'Then' : 'Up to'} error={errors[`${own}.upTo`]}>
              <Input
                inputMode="numeric"
                suffix="units"
                disabled={isLast}
                value={isLast ? 'all others' : tier.upTo}
                onChange={(event) => change(index, { upTo: event.target.value })}
              />
            </Field>
            <Field label="Price of one unit" error={errors[`${own}.usdPerUnit`]}>
              <Input
                inputMode="decimal"
                suffix="USD"
                value={tier.usdPerUnit}
                onChange={(event) => change(index, { usdPerUnit: event.target.value })}
              />
            </Field>
            <Field label="Once, when reached" error={errors[`${own}.flatUsd`]}>
              <Input
                inputMode="decimal"
                suffix="USD"
                value={tier.flatUsd}
                onChange={(event) => change(index, { flatUsd: event.target.value })}
              />
            </Field>
            {tiers.length > 1 ? (
              <Button variant="quiet" className="mt-6" onClick={() => change(index, null)}>
                Remove<span className="sr-only"> tier {index + 1}</span>
              </Button>
            ) : null}
          </div>
        );
      })}
      <div>
        <Button size="sm" onClick={() => onChange([...tiers, NEW_TIER])}>
          Add tier
        </Button>
      </div>
    </div>
  );
}
