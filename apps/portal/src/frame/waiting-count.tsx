/** How much waits at a page of the navigation. Nothing where nothing does. */
export function WaitingCount({ count = 0 }: { readonly count?: number | undefined }) {
  if (count === 0) return null;
  return (
    <span className="ml-1.5 inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-amber-soft px-1.5 text-xs font-medium text-amber tabular">
      {count > 99 ? '99+' : count}
      <span className="sr-only">{count === 1 ? ' waits for you' : ' wait for you'}</span>
    </span>
  );
}
