import { ChevronDown } from 'lucide-react';
import type { Ref, SelectHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';
import { controlStyles } from './control-styles.ts';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'children'> {
  readonly ref?: Ref<HTMLSelectElement>;
  readonly options: readonly SelectOption[];
  /** The first, empty choice, as words: `Choose a plan`. */
  readonly emptyLabel?: string;
}

/** The platform's own select, so that it works in plain forms and on phones. Stands in a `Field`. */
export function Select({ className, options, emptyLabel, ...props }: SelectProps) {
  return (
    <span className={classNames('relative inline-flex w-full', className)}>
      <select className={classNames(controlStyles, 'h-9 appearance-none pr-8 pl-2.5 sm:h-8')} {...props}>
        {emptyLabel === undefined ? null : <option value="">{emptyLabel}</option>}
        {options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint"
      />
    </span>
  );
}
