'use client';

import { Button, Callout, PageHeader } from '@tollwright/ui';

/** What Next hands to an error page. */
export interface PageFailureProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** Stands in for a page that could not be made. */
export function PageFailure({ error, reset }: PageFailureProps) {
  return (
    <div className="max-w-xl">
      <PageHeader title="This page could not be made" description="Nothing was changed." />
      <Callout
        tone="error"
        title="Something failed on our side"
        next={error.digest ? 'Try again; if it stays, report the number below.' : 'Try again.'}
        requestId={error.digest}
        action={<Button onClick={reset}>Try again</Button>}
      />
    </div>
  );
}
