import { brandColour, Link, LinkButton } from '@tollwright/ui';
import type { CSSProperties, ReactNode } from 'react';
import { type Brand, BrandTile } from './brand.tsx';
import { SkipLink } from './skip-link.tsx';

export interface StorefrontFrameProps {
  /** The storefront's own address, without a slash at the end. */
  readonly basePath: string;
  readonly provider: Brand;
  /** Who is signed in is led on by the page itself. */
  readonly signedIn: boolean;
  readonly children: ReactNode;
}

/** The provider's public page: its name and colour, and the door for those who have an account. Fetches nothing. */
export function StorefrontFrame({ basePath, provider, signedIn, children }: StorefrontFrameProps) {
  return (
    <div className="flex min-h-dvh flex-col" style={{ '--brand': brandColour(provider.colour) } as CSSProperties}>
      <SkipLink />
      <header className="border-b border-line">
        <div aria-hidden className="h-1 bg-(--brand)" />
        <div className="mx-auto flex h-14 w-full max-w-[1120px] items-center justify-between gap-4 px-4 sm:px-8">
          <Link href={basePath} className="flex min-w-0 items-center gap-2.5 rounded-md">
            <BrandTile brand={provider} />
            <span className="truncate text-lg font-semibold tracking-tight text-ink">{provider.name}</span>
          </Link>
          {signedIn ? null : <LinkButton href={`${basePath}/sign-in`}>Sign in</LinkButton>}
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[1120px] flex-1 px-4 py-8 outline-none sm:px-8">
        {children}
      </main>
      <footer className="mx-auto w-full max-w-[1120px] px-4 py-6 text-xs text-faint sm:px-8">
        Metered and billed for {provider.name} by Tollwright
      </footer>
    </div>
  );
}
