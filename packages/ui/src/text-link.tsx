import { classNames } from './class-names.ts';
import { Link, type LinkProps } from './link.tsx';

/** A link within text: blue, underlined so that colour is not its only sign. */
export function TextLink({ className, ...props }: LinkProps) {
  return (
    <Link
      className={classNames(
        'rounded-sm text-link underline decoration-link/35 underline-offset-3 hover:decoration-link',
        className,
      )}
      {...props}
    />
  );
}
