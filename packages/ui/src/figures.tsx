import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './link.tsx';

export interface Figure {
  readonly label: string;
  /** `Money` or `Quantity`, so that the exact figure is there as well. */
  readonly value: ReactNode;
  /** `last 7 days`, and what may still change: `last 10 s not counted yet`. */
  readonly period: ReactNode;
  /** Where the number is broken down. Every figure leads somewhere. */
  readonly href: string;
  readonly trend?: ReactNode;
}

/** A ruled row of figures, each a door to the page that explains it. */
export function Figures({
  label,
  items,
  className,
}: {
  readonly label: string;
  readonly items: readonly Figure[];
  readonly className?: string;
}) {
  return (
    <ul
      aria-label={label}
      className={classNames(
        'grid grid-cols-2 border-y border-line lg:auto-cols-fr lg:grid-flow-col lg:grid-cols-none',
        className,
      )}
    >
      {items.map(({ label: name, value, period, href, trend }, index) => (
        <li
          key={name}
          className={classNames(
            'min-w-0 border-line last:odd:max-lg:col-span-2',
            index > 0 && 'lg:border-l',
            index % 2 === 1 && 'max-lg:border-l',
            index > 1 && 'max-lg:border-t',
            index % 2 === 0 && index === items.length - 1 && 'max-lg:col-span-2',
          )}
        >
          <Link href={href} className="group block h-full px-4 py-3.5 -outline-offset-2 hover:bg-hover">
            <span className="flex items-center justify-between gap-2 text-sm text-muted">
              {name}
              <ArrowRight
                aria-hidden
                className="size-3.5 text-transparent transition-colors duration-150 group-hover:text-faint"
              />
            </span>
            <span className="mt-1 flex flex-wrap items-end justify-between gap-x-4 gap-y-1">
              <span className="text-xl font-semibold tracking-tight text-ink tabular sm:text-2xl">{value}</span>
              {trend ? <span className="hidden sm:block [&_svg]:w-16">{trend}</span> : null}
            </span>
            <span className="mt-0.5 block text-xs text-faint">{period}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
