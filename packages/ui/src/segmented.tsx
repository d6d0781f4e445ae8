import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './link.tsx';

export interface SegmentedProps {
  /** Names the choice for assistive technology: `Period`. */
  readonly label: string;
  readonly items: readonly { readonly label: ReactNode; readonly href: string; readonly current: boolean }[];
  readonly className?: string;
}

/** A choice of a few that lives in the address: period, grouping, measure. */
export function Segmented({ label, items, className }: SegmentedProps) {
  return (
    <nav aria-label={label} className={classNames('inline-flex rounded-md bg-hover p-0.5', className)}>
      {items.map(({ label: text, href, current }) => (
        <Link
          key={href}
          href={href}
          aria-current={current ? 'true' : undefined}
          className="flex h-7 grow items-center justify-center rounded-sm px-2.5 text-sm whitespace-nowrap text-muted hover:text-ink aria-[current]:bg-chosen aria-[current]:font-medium aria-[current]:text-ink aria-[current]:shadow-sm"
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
