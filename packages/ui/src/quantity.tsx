import { classNames } from './class-names.ts';
import { formatQuantityCompact, formatQuantityExact, type Unit, unitFor } from './format/quantity.ts';
import { parseWhole, type WholeNumber } from './format/whole.ts';

export interface QuantityProps {
  /** Whole: a decimal string or a bigint. */
  readonly value: WholeNumber;
  /** `tokens`, or `{ one: 'call', other: 'calls' }`. Left out only where the column's header says it. */
  readonly unit?: Unit;
  readonly mode?: 'exact' | 'compact';
  /** Which figure of the page this is, for those who check it: `revenue`. */
  readonly figure?: string | undefined;
  readonly className?: string;
}

/** A count with its unit, short by default; exact on hover and in `data-exact`. */
export function Quantity({ value, unit, mode = 'compact', figure, className }: QuantityProps) {
  const exact = formatQuantityExact(value);
  const shown = mode === 'exact' ? exact : formatQuantityCompact(value);
  const name = unit === undefined ? '' : unitFor(value, unit);
  return (
    <span
      data-figure={figure}
      data-exact={parseWhole(value).toString()}
      title={shown === exact ? undefined : `${exact} ${name}`.trim()}
      className={classNames('whitespace-nowrap tabular', className)}
    >
      {shown}
      {name ? (
        <>
          {' '}
          <span className="text-[max(0.62em,0.75rem)] font-normal text-faint">{name}</span>
        </>
      ) : null}
    </span>
  );
}
