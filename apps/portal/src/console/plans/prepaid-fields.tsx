'use client';

import { Button, Checkbox, Field, Input } from '@tollwright/ui';
import { type EditorProps, replaced } from './editor-props.ts';

/** Whether calls draw on credit that was paid before, and what it is sold in. */
export function PrepaidFields({ draft, errors, onChange }: EditorProps) {
  const { packs } = draft;
  const change = (index: number, pack: (typeof packs)[number] | null) =>
    onChange({ ...draft, packs: replaced(packs, index, pack) });
  return (
    <div className="grid gap-3">
      <Checkbox
        label="Calls draw on prepaid credit"
        checked={draft.prepaid}
        onChange={(event) => onChange({ ...draft, prepaid: event.target.checked })}
      />
      {draft.prepaid ? (
        <>
          {packs.map((pack, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
            <div key={index} className="grid grid-cols-2 items-end gap-2 sm:grid-cols-[2fr_1fr_1fr_auto]">
              <Field label="Pack" error={errors[`packs.${index}`]}>
                <Input value={pack.name} onChange={(event) => change(index, { ...pack, name: event.target.value })} />
              </Field>
              <Field label="Price" error={errors[`packs.${index}.price`]}>
                <Input
                  inputMode="decimal"
                  suffix="USD"
                  value={pack.priceUsd}
                  onChange={(event) => change(index, { ...pack, priceUsd: event.target.value })}
                />
              </Field>
              <Field label="Credit" error={errors[`packs.${index}.credit`]}>
                <Input
                  inputMode="decimal"
                  suffix="USD"
                  value={pack.creditUsd}
                  onChange={(event) => change(index, { ...pack, creditUsd: event.target.value })}
                />
              </Field>
              <Button variant="quiet" onClick={() => change(index, null)}>
                Remove<span className="sr-only"> pack {index + 1}</span>
              </Button>
            </div>
          ))}
          <div>
            <Button
              size="sm"
              onClick={() => onChange({ ...draft, packs: [...packs, { name: '', priceUsd: '', creditUsd: '' }] })}
            >
              Add credit pack
            </Button>
          </div>
        </>
      ) : null}
    </div>
  );
}
