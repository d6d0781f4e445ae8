import { EmptyState, LinkButton } from '@tollwright/ui';

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl px-4 py-24">
      <EmptyState title="There is nothing here" action={<LinkButton href="/">Go to the start</LinkButton>}>
        Check the address. What belongs to another organization is not found either.
      </EmptyState>
    </main>
  );
}
