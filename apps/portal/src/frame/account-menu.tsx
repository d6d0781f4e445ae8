'use client';

import { DropdownChoice, DropdownLink, DropdownMenu, DropdownSeparator, THEMES, useTheme } from '@tollwright/ui';

export interface AccountUser {
  readonly name: string;
  readonly email: string;
}

export interface AccountMenuProps {
  readonly user: AccountUser;
  readonly links?: readonly { readonly label: string; readonly href: string }[];
  readonly signOutHref: string;
}

/** Who is signed in, the theme, the way out. */
export function AccountMenu({ user, links = [], signOutHref }: AccountMenuProps) {
  const [theme, setTheme] = useTheme();
  return (
    <DropdownMenu
      className="w-60"
      trigger={
        <button
          type="button"
          className="inline-flex size-8 shrink-0 items-center justify-center rounded-full border border-line bg-sunken text-xs font-medium text-ink hover:border-line-strong"
        >
          <span aria-hidden>{initials(user.name || user.email)}</span>
          <span className="sr-only">Account of {user.name}</span>
        </button>
      }
    >
      <div className="px-2 py-1.5">
        <p className="truncate text-sm font-medium text-ink">{user.name}</p>
        <p className="truncate text-xs text-faint">{user.email}</p>
      </div>
      <DropdownSeparator />
      {links.map(({ label, href }) => (
        <DropdownLink key={href} href={href}>
          {label}
        </DropdownLink>
      ))}
      {links.length > 0 ? <DropdownSeparator /> : null}
      <DropdownChoice
        label="Theme"
        value={theme}
        options={THEMES}
        onChange={(value) => setTheme(THEMES.find((choice) => choice.value === value)?.value ?? 'system')}
      />
      <DropdownSeparator />
      <DropdownLink href={signOutHref}>Sign out</DropdownLink>
    </DropdownMenu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean);
  return [words[0], words[1]].map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
}
