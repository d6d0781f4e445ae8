import { cva, type VariantProps } from 'class-variance-authority';
import type { ButtonHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';
import { SubmitElement } from './submit-element.tsx';

export const buttonStyles = cva(
  [
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none',
    'transition-colors duration-150 disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-60',
    '[&_svg]:size-4 [&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        primary: 'bg-primary text-primary-ink hover:bg-primary-hover',
        secondary: 'border border-line-strong bg-paper text-ink hover:bg-hover',
        quiet: 'text-muted hover:bg-hover hover:text-ink',
        danger: 'bg-red-strong text-white hover:bg-red-strong/90',
      },
      size: { sm: 'h-7 px-2.5 text-sm', md: 'h-8 px-3 text-sm', lg: 'h-10 px-4 text-base' },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export type ButtonStyle = VariantProps<typeof buttonStyles>;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonStyle {
  /** What is happening, shown instead of the label while it does: `Creating key…`. The button refuses further presses. */
  readonly pending?: string | false | undefined;
}

/** A verb. One primary button on a page; `type` is `button` unless said otherwise. */
export function Button({
  variant,
  size,
  pending,
  className,
  children,
  type = 'button',
  onClick,
  ...props
}: ButtonProps) {
  const Element = type === 'submit' ? SubmitElement : 'button';
  return (
    <Element
      type={pending ? 'button' : type}
      className={classNames(buttonStyles({ variant, size }), className)}
      aria-disabled={pending ? true : undefined}
      {...(onClick && !pending ? { onClick } : {})}
      {...props}
    >
      {pending || children}
    </Element>
  );
}
