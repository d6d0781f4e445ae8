'use client';

import { Button, Input, Textarea } from '@tollwright/ui';
import { Plus, X } from 'lucide-react';
import { replaced } from '../plans/editor-props.ts';
import type { OptionField } from './option-fields.ts';
import type { DraftPair } from './options-draft.ts';

export interface RecordInputProps {
  readonly field: Pick<Extract<OptionField, { readonly kind: 'record' }>, 'label' | 'hint' | 'of'>;
  readonly pairs: readonly DraftPair[];
  readonly error: string | undefined;
  readonly onChange: (pairs: readonly DraftPair[]) => void;
}

/** Names with a value each, as many as wanted. */
export function RecordInput({ field, pairs, error, onChange }: RecordInputProps) {
  const { label, hint, of } = field;
  const change = (index: number, pair: DraftPair | null) => onChange(replaced(pairs, index, pair));
  return (
    <fieldset>
      <legend className="text-sm font-medium text-ink">{label}</legend>
      <p className="mt-0.5 mb-2 text-sm text-muted">
        {hint}
        {of === 'lines' ? ' One value a line.' : ''}
      </p>
      <div className="grid gap-2">
        {pairs.map((pair, index) => {
          const value = {
            'aria-label': `Value ${index + 1} of ${label}`,
            value: pair.value,
            onChange: (event: { readonly target: { readonly value: string } }) =>
              change(index, { ...pair, value: event.target.value }),
          };
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
            <div key={index} className="grid grid-cols-[1fr_1fr_auto] items-start gap-2">
              <Input
                mono
                aria-label={`Name ${index + 1} of ${label}`}
                value={pair.name}
                onChange={(event) => change(index, { ...pair, name: event.target.value })}
              />
              {of === 'lines' ? (
                <Textarea mono rows={3} {...value} />
              ) : (
                <Input mono inputMode={of === 'number' ? 'numeric' : 'text'} {...value} />
              )}
              <Button
                variant="quiet"
                className="w-8 px-0"
                aria-label={`Remove line ${index + 1} of ${label}`}
                onClick={() => change(index, null)}
              >
                <X aria-hidden />
              </Button>
            </div>
          );
        })}
      </div>
      {error ? <p className="mt-1 text-sm text-red">{error}</p> : null}
      <Button size="sm" className="mt-2" onClick={() => onChange([...pairs, { name: '', value: '' }])}>
        <Plus aria-hidden />
        Add a line<span className="sr-only"> to {label}</span>
      </Button>
    </fieldset>
  );
}
