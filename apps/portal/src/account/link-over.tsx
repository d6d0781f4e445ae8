import { Callout, TextLink } from '@tollwright/ui';
import type { ReactNode } from 'react';

/** Where a mailed link leads once it is worth nothing. */
export function LinkOver({ next, href }: { readonly next: ReactNode; readonly href: string }) {
  return (
    <Callout
      tone="error"
      title="This link is over"
      why="It was used before, has expired or is incomplete."
      next={<TextLink href={href}>{next}</TextLink>}
    />
  );
}
