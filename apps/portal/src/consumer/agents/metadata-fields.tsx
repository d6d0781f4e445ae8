'use client';

import { Button, Input } from '@tollwright/ui';
import { Plus, X } from 'lucide-react';
import type { MetadataLine } from './metadata.ts';

export interface MetadataFieldsProps {
  readonly lines: readonly MetadataLine[];
  readonly onChange: (lines: readonly MetadataLine[]) => void;
  readonly error?: string | undefined;
}

/** The owner's own notes about an agent: names and values, as many as wanted. */
export function MetadataFields({ lines, onChange, error }: MetadataFieldsProps) {
  const change = (id: number, part: Partial<MetadataLine>) =>
    onChange(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  const add = () => onChange([...lines, { id: (lines.at(-1)?.id ?? 0) + 1, name: '', value: '' }]);
  return (
    <fieldset>
      <legend className="text-sm font-medium text-ink">
        Metadata <span className="font-normal text-faint">optional</span>
      </legend>
      <p className="mt-0.5 mb-2 text-sm text-muted">
        Your own notes, such as team or region. They never change price or limits.
      </p>
      <div className="grid gap-2">
        {lines.map(({ id, name, value }, index) => (
          <div key={id} className="grid grid-cols-[1fr_1fr_auto] items-center gap-2">
            <Input
              aria-label={`Name ${index + 1}`}
              value={name}
              maxLength={64}
              onChange={(event) => change(id, { name: event.target.value })}
              mono
            />
            <Input
              aria-label={`Value ${index + 1}`}
              value={value}
              maxLength={1000}
              onChange={(event) => change(id, { value: event.target.value })}
            />
            <Button
              variant="quiet"
              className="w-8 px-0"
              aria-label={`Remove line ${index + 1}`}
              onClick={() => onChange(lines.filter((line) => line.id !== id))}
            >
              <X aria-hidden />
            </Button>
          </div>
        ))}
      </div>
      {error ? <p className="mt-1 text-sm text-red">{error}</p> : null}
      {lines.length >= 32 ? null : (
        <Button size="sm" className="mt-2" onClick={add}>
          <Plus aria-hidden />
          Add a line
        </Button>
      )}
    </fieldset>
  );
}
