import { type Command, CommandMenu, Link } from '@tollwright/ui';
import type { ReactNode } from 'react';
import { AccountMenu, type AccountUser } from './account-menu.tsx';
import type { Brand } from './brand.tsx';
import { Drawer } from './drawer.tsx';
import { Mark } from './mark.tsx';
import { ModeSwitch, TestBand } from './mode-switch.tsx';
import { navigationCommands, providerNavigation } from './navigation.ts';
import { type OrganizationLink, OrganizationMenu } from './organization-menu.tsx';
import { SideNavigation } from './side-navigation.tsx';
import { SkipLink } from './skip-link.tsx';

export interface ProviderFrameProps {
  /** The console's own address, without a slash at the end. */
  readonly basePath: string;
  readonly organization: Brand;
  /** All memberships, this one too; with one there is nothing to choose. */
  readonly organizations?: readonly OrganizationLink[];
  readonly livemode: boolean;
  /** The same page in the other mode; without both there is no switch. */
  readonly liveHref?: string;
  readonly testHref?: string;
  readonly user: AccountUser;
  readonly accountLinks?: readonly { readonly label: string; readonly href: string }[];
  readonly signOutHref: string;
  /** What the page adds to the command menu: things by name, acts. */
  readonly commands?: readonly Command[];
  readonly children: ReactNode;
}

/** The provider's console: navigation at the side, whose money and which mode on top. Fetches nothing. */
export function ProviderFrame(props: ProviderFrameProps) {
  const {
    basePath,
    organization,
    organizations = [],
    livemode,
    liveHref,
    testHref,
    user,
    accountLinks = [],
    signOutHref,
  } = props;
  const items = providerNavigation(basePath);
  const commands = [...navigationCommands(items), ...(props.commands ?? [])];
  const mode = liveHref !== undefined && testHref !== undefined ? { livemode, liveHref, testHref } : null;
  return (
    <div className="flex min-h-dvh">
      <SkipLink />
      <aside className="hidden w-58 shrink-0 border-r border-line bg-sunken md:block">
        <div className="sticky top-0 flex h-dvh flex-col px-3">
          <div className="flex h-13 items-center px-2">
            <Link href={basePath} className="rounded-sm">
              <Mark />
            </Link>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto pt-2">
            <SideNavigation label="Console" items={items} />
          </div>
        </div>
      </aside>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 bg-paper">
          {livemode ? null : <TestBand />}
          <div className="flex h-13 items-center gap-2 border-b border-line px-3 sm:px-6">
            <Drawer title={<Mark />} label="Console" items={items} footer={mode ? <ModeSwitch {...mode} /> : null} />
            <OrganizationMenu organization={organization} others={organizations} />
            {mode ? <ModeSwitch {...mode} className="ml-2 hidden md:inline-flex" /> : null}
            <div className="ml-auto flex shrink-0 items-center gap-2.5">
              <CommandMenu commands={commands} className="md:w-56" />
              <AccountMenu user={user} links={accountLinks} signOutHref={signOutHref} />
            </div>
          </div>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1280px] flex-1 px-4 py-7 outline-none sm:px-8"
        >
          {props.children}
        </main>
      </div>
    </div>
  );
}
