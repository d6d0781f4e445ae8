import { TextLink } from '@tollwright/ui';
import type { ReactNode } from 'react';

/** To the provider's own account at Stripe. Nothing where there is no such page. */
export function StripeLink({ href, children }: { readonly href: string | null; readonly children: ReactNode }) {
  return href === null ? null : (
    <TextLink href={href} className="relative">
      {children}
    </TextLink>
  );
}
