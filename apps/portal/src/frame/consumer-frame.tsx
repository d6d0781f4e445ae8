import { brandColour, type Command, CommandMenu, Link } from '@tollwright/ui';
import type { CSSProperties, ReactNode } from 'react';
import { AccountMenu, type AccountUser } from './account-menu.tsx';
import { type Brand, BrandTile } from './brand.tsx';
import { Drawer } from './drawer.tsx';
import { TestBand } from './mode-switch.tsx';
import { type Approvals, consumerNavigation, navigationCommands } from './navigation.ts';
import { SkipLink } from './skip-link.tsx';
import { TopNavigation } from './top-navigation.tsx';

export interface ConsumerFrameProps {
  /** This provider's portal, without a slash at the end. */
  readonly basePath: string;
  readonly approvals: Approvals;
  readonly provider: Brand;
  /** The customer on whose behalf the reader looks. */
  readonly customerName: string;
  readonly livemode: boolean;
  readonly user: AccountUser;
  readonly accountLinks?: readonly { readonly label: string; readonly href: string }[];
  readonly signOutHref: string;
  readonly commands?: readonly Command[];
  readonly children: ReactNode;
}

/** The provider's own place for its customers: its name, colour and logo, navigation on top. Fetches nothing. */
export function ConsumerFrame(props: ConsumerFrameProps) {
  const { basePath, approvals, provider, customerName, livemode, user, accountLinks = [], signOutHref } = props;
  const items = consumerNavigation(basePath, approvals);
  const commands = [...navigationCommands(items), ...(props.commands ?? [])];
  return (
    <div className="flex min-h-dvh flex-col" style={{ '--brand': brandColour(provider.colour) } as CSSProperties}>
      <SkipLink />
      <header className="border-b border-line">
        <div aria-hidden className="h-1 bg-(--brand)" />
        {livemode ? null : <TestBand />}
        <div className="mx-auto flex h-14 w-full max-w-[1120px] items-center gap-2.5 px-4 sm:px-8">
          <Drawer title={provider.name} label={provider.name} items={items} />
          <Link href={basePath} className="flex min-w-0 items-center gap-2.5 rounded-md">
            <BrandTile brand={provider} />
            <span className="truncate text-lg font-semibold tracking-tight text-ink">{provider.name}</span>
          </Link>
          <span aria-hidden className="hidden h-5 w-px rotate-12 bg-line-strong sm:block" />
          <span className="hidden min-w-0 truncate text-base text-muted sm:block">{customerName}</span>
          <div className="ml-auto flex shrink-0 items-center gap-2.5">
            <CommandMenu commands={commands} />
            <AccountMenu user={user} links={accountLinks} signOutHref={signOutHref} />
          </div>
        </div>
        <div className="mx-auto w-full max-w-[1120px] px-4 sm:px-8">
          <TopNavigation label={provider.name} items={items} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[1120px] flex-1 px-4 py-8 outline-none sm:px-8">
        {props.children}
      </main>
      <footer className="mx-auto w-full max-w-[1120px] px-4 py-6 text-xs text-faint sm:px-8">
        Metered and billed for {provider.name} by Tollwright
      </footer>
    </div>
  );
}
