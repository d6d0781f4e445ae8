import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';

export interface IdentifierProps {
  readonly value: string;
  /** Shows the two ends of a long hash or address; the whole is on hover and in the copy. */
  readonly short?: boolean;
  readonly copy?: boolean;
  readonly className?: string;
}

/** An id, hash or address: fixed pitch, copied whole. Sits above a row's link, so that copying does not open the row. */
export function Identifier({ value, short = false, copy = true, className }: IdentifierProps) {
  const shown = short && value.length > 16 ? `${value.slice(0, 8)}…${value.slice(-6)}` : value;
  return (
    <span className={classNames('inline-flex max-w-full min-w-0 items-center gap-1 font-mono text-xs', className)}>
      <span
        title={shown === value ? undefined : value}
        className={short ? 'whitespace-nowrap' : 'min-w-0 break-all'}
        data-exact={value}
      >
        {shown}
      </span>
      {copy ? <CopyButton value={value} label={`Copy ${value}`} className="relative z-10" /> : null}
    </span>
  );
}
