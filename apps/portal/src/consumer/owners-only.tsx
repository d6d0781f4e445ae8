/** Stands where an action would be, for people who may only look. */
export function OwnersOnly({ can }: { readonly can: string }) {
  return <p className="text-sm text-muted">Owners {can}. You are a viewer here.</p>;
}
