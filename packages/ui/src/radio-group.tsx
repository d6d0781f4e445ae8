import { type ChangeEventHandler, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface RadioOption {
  readonly value: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

export interface RadioGroupProps {
  readonly legend: ReactNode;
  readonly name: string;
  readonly options: readonly RadioOption[];
  readonly defaultValue?: string | undefined;
  readonly value?: string | undefined;
  readonly onChange?: ChangeEventHandler<HTMLInputElement>;
  readonly error?: string | undefined;
  readonly className?: string;
}

/** One of a few, each with its consequence as hint. From six on use `Select`. */
export function RadioGroup({
  legend,
  name,
  options,
  defaultValue,
  value,
  onChange,
  error,
  className,
}: RadioGroupProps) {
  const id = useId();
  return (
    <fieldset className={className} aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="mb-1.5 text-sm font-medium text-ink">{legend}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-md border border-line-strong">
        {options.map((option, index) => (
          <label
            key={option.value}
            className={classNames(
              'flex cursor-pointer items-start gap-2.5 px-3 py-2 has-checked:bg-link-soft has-focus-visible:bg-hover',
              option.disabled && 'cursor-not-allowed opacity-50',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              disabled={option.disabled}
              {...(value === undefined
                ? { defaultChecked: defaultValue === option.value }
                : { checked: value === option.value })}
              {...(onChange ? { onChange } : {})}
              aria-labelledby={`${id}-${index}-label`}
              aria-describedby={option.hint ? `${id}-${index}` : undefined}
              className="mt-0.75 size-4 shrink-0 appearance-none rounded-full border border-control bg-paper checked:border-5 checked:border-link"
            />
            <span className="min-w-0">
              <span id={`${id}-${index}-label`} className="block text-base text-ink">
                {option.label}
              </span>
              {option.hint ? (
                <span id={`${id}-${index}`} className="block text-sm text-muted">
                  {option.hint}
                </span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
      {error ? (
        <p id={`${id}-error`} className="mt-1 text-sm text-red">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
