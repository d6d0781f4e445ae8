'use client';

import { type LinkProps, UiRouterProvider } from '@tollwright/ui';
import NextLink from 'next/link';
import { useRouter } from 'next/navigation';
import type { ComponentProps, ReactNode } from 'react';

/** Makes links, sheets and commands of the design system go through Next's router. */
export function AppRouter({ children }: { readonly children: ReactNode }) {
  const router = useRouter();
  return (
    <UiRouterProvider LinkComponent={NextAnchor} navigate={(href) => router.push(href, { scroll: false })}>
      {children}
    </UiRouterProvider>
  );
}

/** Fetches the next page when a link is pointed at, not when it is seen: a table shows a hundred of them. */
function NextAnchor(props: LinkProps) {
  return <NextLink prefetch={false} {...(props as ComponentProps<typeof NextLink>)} />;
}
