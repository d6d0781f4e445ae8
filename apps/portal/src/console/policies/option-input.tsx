'use client';

import { Checkbox, Field, Input, Select, Textarea } from '@tollwright/ui';
import { errorWithin } from './option-errors.ts';
import type { OptionField } from './option-fields.ts';
import { type DraftValue, type OptionErrors, pairsOf, rowsOf } from './options-draft.ts';
import { RecordInput } from './record-input.tsx';
import { RowsInput } from './rows-input.tsx';

export interface OptionInputProps {
  readonly field: OptionField;
  readonly value: DraftValue | undefined;
  readonly errors: OptionErrors;
  /** Where the field's errors are: `counters.0.limit`. */
  readonly path: string;
  readonly onChange: (value: DraftValue) => void;
}

/** One option, in the control that its schema asks for. */
export function OptionInput({ field, value, errors, path, onChange }: OptionInputProps) {
  const { label, hint } = field;
  const error = errorWithin(errors, path);
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'switch':
      return (
        <div>
          <Checkbox
            label={label}
            hint={hint}
            checked={value === true}
            onChange={(event) => onChange(event.target.checked)}
          />
          {error ? <p className="mt-1 text-sm text-red">{error}</p> : null}
        </div>
      );
    case 'choice':
      return (
        <Field label={label} hint={hint} error={error}>
          <Select options={field.choices} value={text} onChange={(event) => onChange(event.target.value)} />
        </Field>
      );
    case 'lines':
      return (
        <Field label={label} hint={`${hint} One a line.`} error={error}>
          <Textarea
            mono
            rows={Math.min(8, Math.max(3, text.split('\n').length))}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
      );
    case 'rows':
      return (
        <RowsInput
          field={field}
          rows={rowsOf(value)}
          error={errors[path]}
          path={path}
          inputOf={(inner) => <OptionInput errors={errors} {...inner} />}
          onChange={onChange}
        />
      );
    case 'record':
      return <RecordInput field={field} pairs={pairsOf(value)} error={error} onChange={onChange} />;
    case 'json':
      return (
        <Field label={label} hint={`${hint} Written as JSON.`} error={error}>
          <Textarea mono rows={6} value={text} onChange={(event) => onChange(event.target.value)} />
        </Field>
      );
    default:
      return (
        <Field label={label} hint={hint} error={error}>
          <Input
            mono={field.kind === 'text'}
            inputMode={INPUT_MODES[field.kind]}
            autoComplete="off"
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
      );
  }
}

const INPUT_MODES = { text: 'text', number: 'numeric', decimal: 'decimal' } as const;
