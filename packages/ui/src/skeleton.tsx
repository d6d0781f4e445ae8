import { classNames } from './class-names.ts';

/** A grey block with the height of what will stand there. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={classNames('h-4 animate-breathe rounded-sm bg-hover', className)} />;
}

/** The shape of a table while its rows are on their way. */
export function TableSkeleton({ rows = 8, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows + 1 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a placeholder have no identity
        <div key={index} className="flex h-9 items-center justify-between gap-10 border-b border-line">
          <Skeleton className="h-3 w-2/5" />
          <Skeleton className="h-3 w-1/5" />
          <Skeleton className="h-3 w-1/12" />
        </div>
      ))}
    </div>
  );
}
