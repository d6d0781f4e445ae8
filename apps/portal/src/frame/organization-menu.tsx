'use client';

import { Button, DropdownLabel, DropdownLink, DropdownMenu } from '@tollwright/ui';
import { ChevronsUpDown } from 'lucide-react';
import { type Brand, BrandTile } from './brand.tsx';

export interface OrganizationLink {
  readonly name: string;
  readonly href: string;
  readonly current: boolean;
}

/** Whose place this is; with several memberships, the way to the others. */
export function OrganizationMenu({
  organization,
  others,
}: {
  readonly organization: Brand;
  readonly others: readonly OrganizationLink[];
}) {
  const name = (
    <span className="flex min-w-0 items-center gap-2">
      <BrandTile brand={organization} className="size-6" />
      <span className="truncate font-medium text-ink">{organization.name}</span>
    </span>
  );
  if (others.length < 2) return <div className="min-w-0 px-1 text-base">{name}</div>;
  return (
    <DropdownMenu
      align="start"
      trigger={
        <Button variant="quiet" className="min-w-0 shrink px-1.5 text-base">
          {name}
          <ChevronsUpDown aria-hidden />
          <span className="sr-only">Change organization</span>
        </Button>
      }
    >
      <DropdownLabel>Organizations</DropdownLabel>
      {others.map((link) => (
        <DropdownLink key={link.href} href={link.href} current={link.current}>
          <span className={link.current ? 'font-medium' : undefined}>{link.name}</span>
        </DropdownLink>
      ))}
    </DropdownMenu>
  );
}
