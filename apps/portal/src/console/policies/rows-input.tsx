'use client';

import { Button } from '@tollwright/ui';
import { Fragment, type ReactNode } from 'react';
import { replaced } from '../plans/editor-props.ts';
import type { OptionField } from './option-fields.ts';
import { type DraftValue, draftOf, type OptionsDraft } from './options-draft.ts';

/** One field of a row, to be shown. */
export interface RowField {
  readonly field: OptionField;
  readonly value: DraftValue | undefined;
  readonly path: string;
  readonly onChange: (value: DraftValue) => void;
}

export interface RowsInputProps {
  readonly field: Extract<OptionField, { readonly kind: 'rows' }>;
  readonly rows: readonly OptionsDraft[];
  /** What is wrong with the list as a whole. */
  readonly error: string | undefined;
  readonly path: string;
  readonly inputOf: (field: RowField) => ReactNode;
  readonly onChange: (rows: readonly OptionsDraft[]) => void;
}

/** A list of objects: each has the fields of the schema of one. */
export function RowsInput({ field, rows, error, path, inputOf, onChange }: RowsInputProps) {
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
                <Fragment key={inner.name}>
                  {inputOf({
                    field: inner,
                    value: row[inner.name],
                    path: `${path}.${index}.${inner.name}`,
                    onChange: (value) => onChange(replaced(rows, index, { ...row, [inner.name]: value })),
                  })}
                </Fragment>
              ))}
            </div>
            <Button variant="quiet" size="sm" className="mt-2" onClick={() => onChange(replaced(rows, index, null))}>
              Remove<span className="sr-only">{` ${field.label} ${index + 1}`}</span>
            </Button>
          </li>
        ))}
      </ol>
      {error ? <p className="mt-1 text-sm text-red">{error}</p> : null}
      <Button size="sm" className="mt-2" onClick={() => onChange([...rows, draftOf(field.fields, {})])}>
        Add an entry<span className="sr-only"> to {field.label}</span>
      </Button>
    </fieldset>
  );
}
