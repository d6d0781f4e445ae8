import { cloneElement, type ReactElement, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

interface FieldControl {
  readonly id?: string;
  readonly required?: boolean;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: boolean;
}

export interface FieldProps {
  readonly label: ReactNode;
  /** What the value is for or how it is written; stays visible while typing. */
  readonly hint?: ReactNode;
  /** What is wrong and how to put it right. */
  readonly error?: ReactNode;
  readonly optional?: boolean;
  readonly className?: string;
  /** One Input, Textarea or Select. Its id and descriptions are set here. */
  readonly children: ReactElement<FieldControl>;
}

/** Label above, control, then hint and error, wired for assistive technology. */
export function Field({ label, hint, error, optional = false, className, children }: FieldProps) {
  const ownId = useId();
  const id = children.props.id ?? ownId;
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  const control = cloneElement(children, {
    id,
    ...(described ? { 'aria-describedby': described } : {}),
    ...(error ? { 'aria-invalid': true } : {}),
  });
  return (
    <div className={classNames('min-w-0', className)}>
      <label htmlFor={id} className="mb-1 flex items-baseline gap-1.5 text-sm font-medium text-ink">
        {label}
        {optional ? <span className="font-normal text-faint">optional</span> : null}
      </label>
      {control}
      {hint ? (
        <p id={`${id}-hint`} className="mt-1 text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="mt-1 text-sm text-red">
          {error}
        </p>
      ) : null}
    </div>
  );
}
