import { Check } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { classNames } from './class-names.ts';

export interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
}

/** A yes or no with its label; submits like any checkbox. */
export function Checkbox({ label, hint, id, className, ...props }: CheckboxProps) {
  const ownId = useId();
  const inputId = id ?? ownId;
  return (
    <div className={classNames('flex items-start gap-2.5', className)}>
      <span className="relative mt-0.75 inline-flex size-4 shrink-0">
        <input
          type="checkbox"
          id={inputId}
          aria-describedby={hint ? `${inputId}-hint` : undefined}
          className="peer size-4 appearance-none rounded-sm border border-control bg-paper transition-colors duration-150 checked:border-primary checked:bg-primary disabled:opacity-50"
          {...props}
        />
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute inset-0.5 size-3 text-primary-ink opacity-0 peer-checked:opacity-100"
        />
      </span>
      <span className="min-w-0">
        <label htmlFor={inputId} className="block text-base text-ink">
          {label}
        </label>
        {hint ? (
          <span id={`${inputId}-hint`} className="block text-sm text-muted">
            {hint}
          </span>
        ) : null}
      </span>
    </div>
  );
}
