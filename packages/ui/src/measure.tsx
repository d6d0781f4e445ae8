import { formatNanoUsdCompact, formatNanoUsdExact } from './format/money.ts';
import { formatQuantityCompact, formatQuantityExact, type Unit, unitFor } from './format/quantity.ts';
import type { WholeNumber } from './format/whole.ts';
import { Money } from './money.tsx';
import { Quantity } from './quantity.tsx';

/** What a chart counts: nano-dollars, or things of a unit. */
export type Measure = { readonly kind: 'money' } | { readonly kind: 'quantity'; readonly unit: Unit };

export interface MeasuredValueProps {
  readonly measure: Measure;
  readonly value: WholeNumber;
  readonly figure?: string | undefined;
  readonly className?: string;
}

/** An amount or a count, as the measure says. */
export function MeasuredValue({ measure, value, figure, className = '' }: MeasuredValueProps) {
  return measure.kind === 'money' ? (
    <Money nanoUsd={value} mode="compact" figure={figure} className={className} />
  ) : (
    <Quantity value={value} unit={measure.unit} figure={figure} className={className} />
  );
}

/** For axes: short, without the unit, which the chart's heading gives. */
export function formatMeasureCompact(measure: Measure, value: WholeNumber): string {
  return measure.kind === 'money' ? formatNanoUsdCompact(value) : formatQuantityCompact(value);
}

/** For tooltips and files: every digit and the unit. */
export function formatMeasureExact(measure: Measure, value: WholeNumber): string {
  return measure.kind === 'money'
    ? `${formatNanoUsdExact(value)} USD`
    : `${formatQuantityExact(value)} ${unitFor(value, measure.unit)}`;
}

/** The name of the unit in the plural: `USD`, `tokens`. */
export function measureUnit(measure: Measure): string {
  return measure.kind === 'money' ? 'USD' : typeof measure.unit === 'string' ? measure.unit : measure.unit.other;
}
