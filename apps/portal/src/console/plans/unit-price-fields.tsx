'use client';

import { Button, Field, Input, Select } from '@tollwright/ui';
import type { Meter } from '../outputs.ts';
import { type EditorProps, replaced } from './editor-props.ts';

/** Prices per unit of a meter, such as 0.002 USD a request. */
export function UnitPriceFields({
  draft,
  errors,
  onChange,
  meters,
}: EditorProps & { readonly meters: readonly Meter[] }) {
  const { unitPrices } = draft;
  const free = meters.find(({ slug }) => unitPrices.every(({ meter }) => meter !== slug));
  const change = (index: number, price: (typeof unitPrices)[number] | null) =>
    onChange({ ...draft, unitPrices: replaced(unitPrices, index, price) });
  return (
    <div className="grid gap-3">
      {unitPrices.map((price, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
        <div key={index} className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[2fr_2fr_auto]">
          <Field label="Meter">
            <Select
              options={meters.map(({ slug, name }) => ({ value: slug, label: name }))}
              value={price.meter}
              onChange={(event) => change(index, { ...price, meter: event.target.value })}
            />
          </Field>
          <Field label="Price of one unit" error={errors[`unitPrices.${index}`]}>
            <Input
              inputMode="decimal"
              suffix="USD"
              value={price.usdPerUnit}
              onChange={(event) => change(index, { ...price, usdPerUnit: event.target.value })}
            />
          </Field>
          <Button variant="quiet" onClick={() => change(index, null)}>
            Remove<span className="sr-only"> price {index + 1}</span>
          </Button>
        </div>
      ))}
      {free ? (
        <div>
          <Button
            size="sm"
            onClick={() => onChange({ ...draft, unitPrices: [...unitPrices, { meter: free.slug, usdPerUnit: '' }] })}
          >
            Add price per unit
          </Button>
        </div>
      ) : null}
    </div>
  );
}
