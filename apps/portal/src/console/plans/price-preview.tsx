'use client';

import { Callout, Field, Input, KeyValue, Money } from '@tollwright/ui';
import { useState } from 'react';
import type { Meter } from '../outputs.ts';
import { type ExamplePrice, examplePrice, type PricedTerms } from './example-price.ts';

export interface PricePreviewProps {
  /** Null while the draft says none. */
  readonly terms: PricedTerms | null;
  readonly meters: readonly Meter[];
}

/** What a typed example costs under the terms as they stand, priced as real calls are. */
export function PricePreview({ terms, meters }: PricePreviewProps) {
  const models = modelsOf(terms);
  const [model, setModel] = useState<string | null>(null);
  const [input, setInput] = useState('1000');
  const [output, setOutput] = useState('500');
  const [calls, setCalls] = useState('10000');
  const example = {
    model: model ?? models[0] ?? 'any-model',
    inputTokens: wholeOf(input),
    outputTokens: wholeOf(output),
    callsPerMonth: wholeOf(calls),
  };
  const price = terms === null ? null : examplePrice(terms, meters, example);
  return (
    <div className="grid gap-4">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Model" className="col-span-2">
          <Input mono list="preview-models" value={example.model} onChange={(event) => setModel(event.target.value)} />
        </Field>
        <datalist id="preview-models">
          {models.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field label="Input tokens">
          <Input inputMode="numeric" value={input} onChange={(event) => setInput(event.target.value)} />
        </Field>
        <Field label="Output tokens">
          <Input inputMode="numeric" value={output} onChange={(event) => setOutput(event.target.value)} />
        </Field>
        <Field label="Calls a month" className="col-span-2">
          <Input inputMode="numeric" value={calls} onChange={(event) => setCalls(event.target.value)} />
        </Field>
      </div>
      <div aria-live="polite">
        {price === null ? (
          <p className="text-base text-muted">Correct the marked fields to see the price.</p>
        ) : price.refused ? (
          <Callout
            tone="warning"
            title={`${example.model} is refused under this plan`}
            why="It has no price, and calls without a price are never free."
            next="List it, or price any other model."
          />
        ) : (
          <KeyValue
            items={[
              {
                label: price.tiered ? 'First call' : 'A call',
                value: <Money figure="example-call" nanoUsd={price.callNanoUsd} />,
              },
              { label: 'Monthly fee', value: <Money figure="example-fee" nanoUsd={price.feeNanoUsd} /> },
              ...price.adjustments.map(({ kind, amountNanoUsd }) => ({
                label: ADDED[kind],
                value: <Money figure={`example-${kind}`} nanoUsd={amountNanoUsd} />,
              })),
              {
                label: 'A month',
                value: <Money figure="example-month" nanoUsd={price.monthNanoUsd} className="font-medium" />,
              },
            ]}
          />
        )}
      </div>
    </div>
  );
}

const ADDED: Readonly<Record<ExamplePrice['adjustments'][number]['kind'], string>> = {
  rerating: 'Given back when the month ends',
  discount: 'Amount off',
  minimum: 'Up to the minimum',
};

function modelsOf(terms: PricePreviewProps['terms']): readonly string[] {
  const names = terms?.rateCards.flatMap(({ price }) =>
    price.kind === 'per-model-token' ? Object.keys(price.usdPerMillionByModel) : [],
  );
  return [...new Set(names)];
}

function wholeOf(typed: string): number {
  const value = Math.round(Number(typed.replaceAll(',', '')));
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}
