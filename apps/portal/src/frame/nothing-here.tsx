import { EmptyState, LinkButton } from '@tollwright/ui';

/** Stands in for a page inside a frame that an address names and nobody has, or nobody may see. */
export function NothingHere() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyState title="There is nothing here" action={<LinkButton href="/console">Go to the start</LinkButton>}>
        Check the address. What belongs to another organization is not found either.
      </EmptyState>
    </>
  );
}
