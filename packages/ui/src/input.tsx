import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { classNames } from './class-names.ts';
import { controlStyles } from './control-styles.ts';

export interface InputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'prefix'> {
  readonly ref?: Ref<HTMLInputElement>;
  /** A unit or address that belongs to the value, inside the field: `USD`, `https://`. */
  readonly prefix?: ReactNode;
  readonly suffix?: ReactNode;
  /** For ids, addresses and code. */
  readonly mono?: boolean;
}

/** One line of text. Stands in a `Field`, which gives it its label. */
export function Input({ className, prefix, suffix, mono = false, ...props }: InputProps) {
  const styles = classNames(
    controlStyles,
    'h-9 px-2.5 read-only:bg-sunken sm:h-8',
    mono && 'font-mono sm:text-sm',
    className,
  );
  if (!prefix && !suffix) return <input className={styles} {...props} />;
  return (
    <span className="flex w-full items-stretch">
      {prefix ? <Affix side="left">{prefix}</Affix> : null}
      <input
        className={classNames(styles, prefix && 'rounded-l-none', suffix && 'rounded-r-none', 'relative focus:z-10')}
        {...props}
      />
      {suffix ? <Affix side="right">{suffix}</Affix> : null}
    </span>
  );
}

function Affix({ side, children }: { readonly side: 'left' | 'right'; readonly children: ReactNode }) {
  return (
    <span
      className={classNames(
        'flex shrink-0 items-center border border-control/70 bg-sunken px-2.5 text-sm text-muted',
        side === 'left' ? 'rounded-l-md border-r-0' : 'rounded-r-md border-l-0',
      )}
    >
      {children}
    </span>
  );
}
