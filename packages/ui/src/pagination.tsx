import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useId } from 'react';
import { LinkButton } from './link-button.tsx';

export interface PaginationProps {
  /** What the reader sees of how many: `1-50 of 1,204 calls`. */
  readonly summary: string;
  readonly previousHref?: string | undefined;
  readonly nextHref?: string | undefined;
}

/** Steps through pages by cursors in the address. Named by its summary: one page may step through two lists. */
export function Pagination({ summary, previousHref, nextHref }: PaginationProps) {
  const id = useId();
  return (
    <nav aria-labelledby={id} className="mt-3 flex items-center justify-between gap-4">
      <p id={id} className="text-sm text-muted tabular">
        {summary}
      </p>
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
