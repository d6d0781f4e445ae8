import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Link } from './link.tsx';

export interface TabItem {
  readonly label: ReactNode;
  readonly href: string;
  /** True for the tab that the address names. */
  readonly current: boolean;
  readonly count?: number | undefined;
}

export interface TabsProps {
  /** Names the row for assistive technology: `Agent`. */
  readonly label: string;
  readonly items: readonly TabItem[];
  readonly className?: string;
}

/** Views of one thing. Each is an address, so that a tab can be linked, opened apart and gone back to. */
export function Tabs({ label, items, className }: TabsProps) {
  return (
    <nav aria-label={label} className={classNames('mb-6 overflow-x-auto border-b border-line', className)}>
      <ul className="flex gap-5">
        {items.map(({ label: text, href, current, count }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={current ? 'page' : undefined}
              className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent text-base whitespace-nowrap text-muted -outline-offset-2 hover:text-ink aria-[current]:border-ink aria-[current]:font-medium aria-[current]:text-ink"
            >
              {text}
              {count === undefined ? null : <span className="text-xs font-normal text-faint tabular">{count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
