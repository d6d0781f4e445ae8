import type { Ref, TextareaHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';
import { controlStyles } from './control-styles.ts';

export interface TextareaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly ref?: Ref<HTMLTextAreaElement>;
  /** For documents and code: fixed pitch, no spelling marks. */
  readonly mono?: boolean;
}

/** Several lines of text. Stands in a `Field`, which gives it its label. */
export function Textarea({ className, mono = false, rows = 4, ...props }: TextareaProps) {
  return (
    <textarea
      rows={rows}
      spellCheck={mono ? false : undefined}
      className={classNames(
        controlStyles,
        'px-2.5 py-1.5 read-only:bg-sunken',
        mono && 'font-mono text-sm sm:text-xs sm:leading-5',
        className,
      )}
      {...props}
    />
  );
}
