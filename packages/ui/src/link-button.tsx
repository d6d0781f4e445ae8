import { type ButtonStyle, buttonStyles } from './button.tsx';
import { classNames } from './class-names.ts';
import { Link, type LinkProps } from './link.tsx';

/** A link that looks like a button: it goes somewhere, it changes nothing. */
export function LinkButton({ variant, size, className, ...props }: LinkProps & ButtonStyle) {
  return <Link className={classNames(buttonStyles({ variant, size }), className)} {...props} />;
}
