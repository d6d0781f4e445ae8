import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export interface KeyValueProps {
  readonly items: readonly { readonly label: string; readonly value: ReactNode }[];
  readonly className?: string;
}

/** The facts of one thing, one line each. */
export function KeyValue({ items, className }: KeyValueProps) {
  return (
    <dl className={classNames('divide-y divide-line border-y border-line text-sm', className)}>
      {items.map(({ label, value }) => (
        <div key={label} className="flex min-h-9 items-baseline justify-between gap-6 py-1.75">
          <dt className="shrink-0 text-muted">{label}</dt>
          <dd className="min-w-0 text-right break-words text-ink tabular">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
