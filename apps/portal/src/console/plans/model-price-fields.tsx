'use client';

import { Button, Input } from '@tollwright/ui';
import type { Meter } from '../outputs.ts';
import { type EditorProps, replaced } from './editor-props.ts';

export interface ModelPriceFieldsProps extends EditorProps {
  /** Those that add tokens up. */
  readonly meters: readonly Meter[];
}

/** Prices per million units, one line a model and one column a meter. */
export function ModelPriceFields({ draft, errors, onChange, meters }: ModelPriceFieldsProps) {
  const { models, others } = draft;
  const change = (index: number, line: (typeof models)[number] | null) =>
    onChange({ ...draft, models: replaced(models, index, line) });
  const columns = { gridTemplateColumns: `minmax(8rem,2fr) repeat(${meters.length}, minmax(6rem,1fr)) 5rem` };
  const grid = 'grid gap-2 max-sm:!grid-cols-2 max-sm:border-b max-sm:border-line max-sm:pb-3';
  return (
    <div className="grid gap-2">
      <div aria-hidden className="grid gap-2 text-xs font-medium text-faint max-sm:hidden" style={columns}>
        <span>Model</span>
        {meters.map(({ slug, name }) => (
          <span key={slug}>{name}</span>
        ))}
      </div>
      {models.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place only
        <div key={index} className={grid} style={columns}>
          <Priced error={errors[`models.${index}`]} className="max-sm:col-span-2">
            <Input
              mono
              aria-label={`Model ${index + 1}`}
              value={line.model}
              onChange={(event) => change(index, { ...line, model: event.target.value })}
            />
          </Priced>
          {meters.map(({ slug, name }) => (
            <Priced key={slug} error={errors[`models.${index}.${slug}`]} label={name}>
              <Input
                inputMode="decimal"
                className="text-right"
                aria-label={`${name} of ${line.model || `model ${index + 1}`}, USD per million`}
                value={line.usdPerMillion[slug] ?? ''}
                onChange={(event) =>
                  change(index, { ...line, usdPerMillion: { ...line.usdPerMillion, [slug]: event.target.value } })
                }
              />
            </Priced>
          ))}
          <Button variant="quiet" onClick={() => change(index, null)}>
            Remove<span className="sr-only"> {line.model || `model ${index + 1}`}</span>
          </Button>
        </div>
      ))}
      <div className={grid} style={columns}>
        <p className="self-center text-sm text-muted max-sm:col-span-2">Any other model</p>
        {meters.map(({ slug, name }) => (
          <Priced key={slug} error={errors[`others.${slug}`]} label={name}>
            <Input
              inputMode="decimal"
              className="text-right"
              aria-label={`${name} of any other model, USD per million`}
              value={others[slug] ?? ''}
              onChange={(event) => onChange({ ...draft, others: { ...others, [slug]: event.target.value } })}
            />
          </Priced>
        ))}
      </div>
      <div>
        <Button size="sm" onClick={() => onChange({ ...draft, models: [...models, { model: '', usdPerMillion: {} }] })}>
          Add model
        </Button>
      </div>
    </div>
  );
}

interface PricedProps {
  readonly error: string | undefined;
  /** Shown where there is no row of headers. */
  readonly label?: string;
  readonly className?: string;
  readonly children: React.ReactNode;
}

function Priced({ error, label, className, children }: PricedProps) {
  return (
    <div className={className}>
      {label ? (
        <span aria-hidden className="text-xs text-faint sm:hidden">
          {label}
        </span>
      ) : null}
      {children}
      {error ? <p className="mt-1 text-sm text-red">{error}</p> : null}
    </div>
  );
}
