'use client';

import { Button } from '@tollwright/ui';
import { replaced } from '../plans/editor-props.ts';
import type { OptionField } from './option-fields.ts';
import { OptionInput } from './option-input.tsx';
import { draftOf, type OptionErrors, type OptionsDraft } from './options-draft.ts';

export interface RowsInputProps {
  readonly field: Extract<OptionField, { readonly kind: 'rows' }>;
  readonly rows: readonly OptionsDraft[];
  readonly errors: OptionErrors;
  readonly path: string;
  readonly onChange: (rows: readonly OptionsDraft[]) => void;
}

/** A list of objects: each has the fields of the schema of one. */
export function RowsInput({ field, rows, errors, path, onChange }: RowsInputProps) {
  return (
    <fieldset>
      <legend className="text-sm font-medium text-ink">{field.label}</legend>
      <p className="mt-0.5 mb-2 text-sm text-muted">{field.hint}</p>
      <ol className="grid gap-4">
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place only
          <li key={index} className="border-l-2 border-line pl-4">
            <div className="grid gap-3 sm:grid-cols-2">
              {field.fields.map((inner) => (
                <OptionInput
                  key={inner.name}
                  field={inner}
                  value={row[inner.name]}
                  errors={errors}
                  path={`${path}.${index}.${inner.name}`}
                  onChange={(value) => onChange(replaced(rows, index, { ...row, [inner.name]: value }))}
                />
              ))}
            </div>
            <Button variant="quiet" size="sm" className="mt-2" onClick={() => onChange(replaced(rows, index, null))}>
              Remove<span className="sr-only">{` ${field.label} ${index + 1}`}</span>
            </Button>
          </li>
        ))}
      </ol>
      {rows.length === 0 && errors[path] ? <p className="text-sm text-red">{errors[path]}</p> : null}
      <Button size="sm" className="mt-2" onClick={() => onChange([...rows, draftOf(field.fields, {})])}>
        Add an entry<span className="sr-only"> to {field.label}</span>
      </Button>
    </fieldset>
  );
}
