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

function NextAnchor(props: LinkProps) {
  return <NextLink {...(props as ComponentProps<typeof NextLink>)} />;
}
