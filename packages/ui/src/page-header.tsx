import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from './link.tsx';

export interface PageHeaderProps {
  readonly title: ReactNode;
  /** One sentence: what this page is for. */
  readonly description: ReactNode;
  /** The one primary action, and at most two quiet ones before it. */
  readonly action?: ReactNode;
  /** The way back, outermost first. */
  readonly trail?: readonly { readonly label: string; readonly href: string }[];
  /** A state beside the title. */
  readonly badge?: ReactNode;
}

/** The head of every page: title, one sentence, one primary action. */
export function PageHeader({ title, description, action, trail = [], badge }: PageHeaderProps) {
  return (
    <header className="mb-6">
      {trail.length > 0 ? (
        <nav aria-label="Breadcrumb" className="mb-2">
          <ol className="flex flex-wrap items-center gap-1 text-sm text-muted">
            {trail.map(({ label, href }, index) => (
              <li key={href} className="flex items-center gap-1">
                <Link href={href} className="rounded-sm hover:text-ink hover:underline">
                  {label}
                </Link>
                {index < trail.length - 1 ? <ChevronRight aria-hidden className="size-3.5 text-faint" /> : null}
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-2.5">
            <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words text-ink">{title}</h1>
            {badge}
          </div>
          <p className="mt-1 max-w-2xl text-base text-muted">{description}</p>
        </div>
        {action ? <div className="flex flex-wrap items-center gap-2">{action}</div> : null}
      </div>
    </header>
  );
}
