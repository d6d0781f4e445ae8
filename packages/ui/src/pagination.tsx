import { ChevronLeft, ChevronRight } from 'lucide-react';
import { LinkButton } from './link-button.tsx';

export interface PaginationProps {
  /** What the reader sees of how many: `1-50 of 1,204 calls`. */
  readonly summary: string;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
}

/** Steps through pages by cursors in the address. */
export function Pagination({ summary, previousHref, nextHref }: PaginationProps) {
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between gap-4">
      <p className="text-sm text-muted tabular">{summary}</p>
      <div className="flex gap-2">
        {previousHref ? (
          <LinkButton href={previousHref} size="sm">
            <ChevronLeft aria-hidden />
            Previous
          </LinkButton>
        ) : null}
        {nextHref ? (
          <LinkButton href={nextHref} size="sm">
            Next
            <ChevronRight aria-hidden />
          </LinkButton>
        ) : null}
      </div>
    </nav>
  );
}
