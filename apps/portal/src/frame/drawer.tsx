'use client';

import { Button, Sheet } from '@tollwright/ui';
import { Menu } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { NavigationItem } from './navigation.ts';
import { SideNavigation } from './side-navigation.tsx';

export interface DrawerProps {
  readonly title: ReactNode;
  readonly label: string;
  readonly items: readonly NavigationItem[];
  /** What the top bar has no room for. */
  readonly footer?: ReactNode;
}

/** The navigation on small screens. Closes when a page is chosen. */
export function Drawer({ title, label, items, footer }: DrawerProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="quiet" className="-ml-2 w-8 px-0 md:hidden" onClick={() => setOpen(true)} aria-haspopup="dialog">
        <Menu aria-hidden />
        <span className="sr-only">Open navigation</span>
      </Button>
      <Sheet side="left" className="max-w-72" title={title} open={open} onOpenChange={setOpen}>
        <div className="-mx-2.5">
          <SideNavigation label={label} items={items} onNavigate={() => setOpen(false)} />
        </div>
        {footer ? <div className="mt-5 border-t border-line pt-5">{footer}</div> : null}
      </Sheet>
    </>
  );
}
