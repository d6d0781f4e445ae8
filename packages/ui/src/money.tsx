import { classNames } from './class-names.ts';
import { formatNanoUsdCompact, formatNanoUsdExact, type MoneyMode } from './format/money.ts';
import { parseWhole, type WholeNumber } from './format/whole.ts';

export interface MoneyProps {
  /** Nano-dollars, whole: a decimal string or a bigint. */
  readonly nanoUsd: WholeNumber;
  readonly mode?: MoneyMode;
  /** What it is for: `a call`, `a month`. */
  readonly per?: string;
  /** Which figure of the page this is, for those who check it: `revenue`. */
  readonly figure?: string | undefined;
  readonly className?: string;
}

/** An amount with its currency. The exact nano-dollars are in `data-exact`, the exact dollars on hover. */
export function Money({ nanoUsd, mode = 'exact', per, figure, className }: MoneyProps) {
  const exact = formatNanoUsdExact(nanoUsd);
  const shown = mode === 'exact' ? exact : formatNanoUsdCompact(nanoUsd);
  return (
    <span
      data-figure={figure}
      data-exact={parseWhole(nanoUsd).toString()}
      data-unit="nano-usd"
      title={shown === exact ? undefined : `${exact} USD`}
      className={classNames('whitespace-nowrap tabular', className)}
    >
      {shown} <span className="text-[max(0.62em,0.75rem)] font-normal text-faint">USD{per ? ` ${per}` : ''}</span>
    </span>
  );
}
