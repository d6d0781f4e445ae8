'use client';

import { Button, Input } from '@tollwright/ui';
import { Plus, X } from 'lucide-react';
import type { MetadataLine } from './metadata.ts';

export interface MetadataBounds {
  readonly nameMax: number;
  readonly valueMax: number;
  readonly linesMax: number;
}

const AGENT_NOTES: MetadataBounds = { nameMax: 64, valueMax: 1000, linesMax: 32 };
export const KEY_NOTES: MetadataBounds = { nameMax: 40, valueMax: 200, linesMax: 20 };

export interface MetadataFieldsProps {
  readonly lines: readonly MetadataLine[];
  readonly onChange: (lines: readonly MetadataLine[]) => void;
  readonly error?: string | undefined;
  readonly bounds?: MetadataBounds;
}

/** The owner's own notes about an agent or a key: names and values. */
export function MetadataFields({ lines, onChange, error, bounds = AGENT_NOTES }: MetadataFieldsProps) {
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
              maxLength={bounds.nameMax}
              onChange={(event) => change(id, { name: event.target.value })}
              mono
            />
            <Input
              aria-label={`Value ${index + 1}`}
              value={value}
              maxLength={bounds.valueMax}
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
      {lines.length >= bounds.linesMax ? null : (
        <Button size="sm" className="mt-2" onClick={add}>
          <Plus aria-hidden />
          Add a line
        </Button>
      )}
    </fieldset>
  );
}
