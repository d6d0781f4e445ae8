import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface FilterBarProps {
  readonly children: ReactNode;
  /** Stands at the far end: export, view choice. */
  readonly end?: ReactNode;
  readonly className?: string;
}

/** The row above a table or chart. What it holds writes the address; it keeps nothing itself. On phones its fields stand in pairs. */
export function FilterBar({ children, end, className }: FilterBarProps) {
  return (
    <div className={classNames('mb-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-3', className)}>
      <div className="flex min-w-0 flex-wrap items-end gap-2 max-sm:w-full max-sm:[&>:not(nav)]:min-w-[calc(50%-0.25rem)] max-sm:[&>:not(nav)]:flex-1">
        {children}
      </div>
      {end ? <div className="flex items-center gap-2">{end}</div> : null}
    </div>
  );
}
