'use client';

import { Button, Field, Input, Select } from '@tollwright/ui';
import type { Meter } from '../outputs.ts';
import { type EditorProps, replaced } from './editor-props.ts';
import { TierFields } from './tier-fields.tsx';
import { newUnitPrice, type UnitPriceDraft, type UnitPriceKind } from './unit-price-draft.ts';

const KINDS: readonly { readonly value: UnitPriceKind; readonly label: string }[] = [
  { value: 'per-unit', label: 'Every unit the same' },
  { value: 'graduated', label: 'In tiers' },
  { value: 'volume', label: 'By the month’s volume' },
  { value: 'package', label: 'In packages' },
];

/** Prices of a meter's units, such as 0.002 USD a request: each the same, in tiers, by volume or in packages. */
export function UnitPriceFields({
  draft,
  errors,
  onChange,
  meters,
}: EditorProps & { readonly meters: readonly Meter[] }) {
  const { unitPrices } = draft;
  const free = meters.find(({ slug }) => unitPrices.every(({ meter }) => meter !== slug));
  const change = (index: number, price: UnitPriceDraft | null) =>
    onChange({ ...draft, unitPrices: replaced(unitPrices, index, price) });
  return (
    <div className="grid gap-3">
      {unitPrices.map((price, index) => (
        <UnitPrice
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
          key={index}
          number={index + 1}
          price={price}
          path={`unitPrices.${index}`}
          errors={errors}
          meters={meters}
          onChange={(changed) => change(index, changed)}
        />
      ))}
      {free ? (
        <div>
          <Button
            size="sm"
            onClick={() => onChange({ ...draft, unitPrices: [...unitPrices, newUnitPrice(free.slug)] })}
          >
            Add price per unit
          </Button>
        </div>
      ) : null}
    </div>
  );
}

interface UnitPriceProps {
  readonly number: number;
  readonly price: UnitPriceDraft;
  readonly path: string;
  readonly errors: EditorProps['errors'];
  readonly meters: readonly Meter[];
  /** Null removes it. */
  readonly onChange: (price: UnitPriceDraft | null) => void;
}

function UnitPrice({ number, price, path, errors, meters, onChange }: UnitPriceProps) {
  const change = (part: Partial<UnitPriceDraft>) => onChange({ ...price, ...part });
  return (
    <div className="grid gap-3 border-l border-line pl-4">
      <div className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[2fr_2fr_auto]">
        <Field label="Meter">
          <Select
            options={meters.map(({ slug, name }) => ({ value: slug, label: name }))}
            value={price.meter}
            onChange={(event) => change({ meter: event.target.value })}
          />
        </Field>
        <Field label="Priced">
          <Select
            options={KINDS}
            value={price.kind}
            onChange={(event) => change({ kind: event.target.value as UnitPriceKind })}
          />
        </Field>
        <Button variant="quiet" onClick={() => onChange(null)}>
          Remove<span className="sr-only"> price {number}</span>
        </Button>
      </div>
      <AmountFields price={price} path={path} errors={errors} onChange={change} />
      <div className="grid grid-cols-2 items-start gap-2 sm:grid-cols-3">
        <Field label="Included each month" hint="Empty: none." error={errors[`${path}.includedUnits`]}>
          <Input
            inputMode="numeric"
            suffix="units"
            value={price.includedUnits}
            onChange={(event) => change({ includedUnits: event.target.value })}
          />
        </Field>
        <Field label="Discount" hint="Empty: none." error={errors[`${path}.percentOff`]}>
          <Input
            inputMode="numeric"
            suffix="%"
            value={price.percentOff}
            onChange={(event) => change({ percentOff: event.target.value })}
          />
        </Field>
        <Field label="Off each month" hint="Empty: none." error={errors[`${path}.amountOffUsd`]}>
          <Input
            inputMode="decimal"
            suffix="USD"
            value={price.amountOffUsd}
            onChange={(event) => change({ amountOffUsd: event.target.value })}
          />
        </Field>
      </div>
    </div>
  );
}

interface AmountProps extends Pick<UnitPriceProps, 'price' | 'path' | 'errors'> {
  readonly onChange: (part: Partial<UnitPriceDraft>) => void;
}

function AmountFields({ price, path, errors, onChange }: AmountProps) {
  switch (price.kind) {
    case 'per-unit':
      return (
        <Field label="Price of one unit" error={errors[`${path}.usdPerUnit`]}>
          <Input
            inputMode="decimal"
            suffix="USD"
            value={price.usdPerUnit}
            onChange={(event) => onChange({ usdPerUnit: event.target.value })}
          />
        </Field>
      );
    case 'package':
      return (
        <div className="grid grid-cols-2 gap-2">
          <Field label="Units in a package" error={errors[`${path}.packageUnits`]}>
            <Input
              inputMode="numeric"
              suffix="units"
              value={price.packageUnits}
              onChange={(event) => onChange({ packageUnits: event.target.value })}
            />
          </Field>
          <Field label="Price of a package" error={errors[`${path}.usdPerPackage`]}>
            <Input
              inputMode="decimal"
              suffix="USD"
              value={price.usdPerPackage}
              onChange={(event) => onChange({ usdPerPackage: event.target.value })}
            />
          </Field>
        </div>
      );
    case 'graduated':
      return <TierFields tiers={price.tiers} path={path} errors={errors} onChange={(tiers) => onChange({ tiers })} />;
    case 'volume':
      return (
        <>
          <TierFields tiers={price.tiers} path={path} errors={errors} onChange={(tiers) => onChange({ tiers })} />
          <p className="text-sm text-muted">
            Each unit is charged at the tier that the month has reached. When the month ends, all its units cost what
            its last tier says, and the invoice gives the difference back.
          </p>
        </>
      );
  }
}
