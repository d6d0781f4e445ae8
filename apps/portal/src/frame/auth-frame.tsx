import { brandColour } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { type Brand, BrandTile } from './brand.tsx';
import { Mark } from './mark.tsx';

export interface AuthFrameProps {
  /** Whose door this is: a provider's portal; without it, Tollwright's console. */
  readonly provider?: Brand | undefined;
  readonly title: string;
  /** One sentence: what happens here. */
  readonly description: ReactNode;
  readonly children: ReactNode;
  /** The other door: `No account yet? Sign up`. */
  readonly footer?: ReactNode;
}

/** Signing up, signing in, verifying, resetting, accepting an invitation. One column, one question. */
export function AuthFrame({ provider, title, description, children, footer }: AuthFrameProps) {
  return (
    <div className="flex min-h-dvh flex-col bg-sunken">
      {provider ? <div aria-hidden className="h-1" style={{ background: brandColour(provider.colour) }} /> : null}
      <main className="flex flex-1 flex-col px-4 pt-[10vh] pb-10">
        <div className="mx-auto w-full max-w-104">
          <div className="mb-6 flex items-center gap-2.5 px-1">
            {provider ? (
              <>
                <BrandTile brand={provider} className="size-8" />
                <span className="text-lg font-semibold tracking-tight text-ink">{provider.name}</span>
              </>
            ) : (
              <Mark />
            )}
          </div>
          <div className="rounded-lg border border-line bg-paper px-6 py-7 sm:px-8">
            <h1 className="text-xl font-semibold tracking-tight text-ink">{title}</h1>
            <div className="mt-1 mb-6 text-base text-muted">{description}</div>
            {children}
          </div>
          {footer ? <div className="mt-5 px-1 text-base text-muted">{footer}</div> : null}
        </div>
      </main>
      {provider ? (
        <footer className="pb-6 text-center text-xs text-faint">
          Metered and billed for {provider.name} by Tollwright
        </footer>
      ) : null}
    </div>
  );
}
