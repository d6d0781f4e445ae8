'use client';

import { Button, Callout } from '@tollwright/ui';

/** What Next hands to an error page. */
export interface PageFailureProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** Stands in for a page that could not be made. */
export function PageFailure({ error, reset }: PageFailureProps) {
  return (
    <Callout
      tone="error"
      title="This page could not be made"
      why="Something failed on our side. Nothing was changed."
      next={error.digest ? 'Try again; if it stays, report the number below.' : 'Try again.'}
      requestId={error.digest}
      action={<Button onClick={reset}>Try again</Button>}
    />
  );
}
