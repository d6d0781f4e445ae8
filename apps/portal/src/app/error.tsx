'use client';

import { Button, Callout } from '@tollwright/ui';

export default function ErrorPage({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  return (
    <main className="mx-auto max-w-xl px-4 py-24">
      <Callout
        tone="error"
        title="This page could not be made"
        why="Something failed on our side. Nothing was changed."
        next="Try again; if it stays, report the number below."
        requestId={error.digest}
        action={<Button onClick={reset}>Try again</Button>}
      />
    </main>
  );
}
