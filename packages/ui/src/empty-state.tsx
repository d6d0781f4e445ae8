import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { CodeBlock } from './code-block.tsx';

export interface EmptyStateProps {
  /** What is not here yet: `No calls yet`. */
  readonly title: ReactNode;
  /** What fills it. */
  readonly children: ReactNode;
  /** The one command that fills it. */
  readonly command?: { readonly title: string; readonly code: string } | undefined;
  /** Or the one action. */
  readonly action?: ReactNode;
  readonly className?: string;
}

/** Teaches how the place gets filled, by one command or one action. */
export function EmptyState({ title, children, command, action, className }: EmptyStateProps) {
  return (
    <div className={classNames('rounded-lg border border-dashed border-line-strong px-5 py-8 sm:px-8', className)}>
      <div className="max-w-xl">
        <p className="text-lg font-semibold tracking-tight text-ink">{title}</p>
        <div className="mt-1 text-base text-muted">{children}</div>
        {command ? <CodeBlock className="mt-4" title={command.title} code={command.code} wrap /> : null}
        {action ? <div className="mt-4 flex flex-wrap gap-2">{action}</div> : null}
      </div>
    </div>
  );
}
