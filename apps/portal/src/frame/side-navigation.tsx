'use client';

import { Link } from '@tollwright/ui';
import { usePathname } from 'next/navigation';
import { isCurrent, type NavigationItem } from './navigation.ts';
import { navigationIcons } from './navigation-icons.tsx';
import { WaitingCount } from './waiting-count.tsx';

export interface SideNavigationProps {
  readonly label: string;
  readonly items: readonly NavigationItem[];
  readonly onNavigate?: () => void;
}

/** Pages from top to bottom, in the order of the job. */
export function SideNavigation({ label, items, onNavigate }: SideNavigationProps) {
  const pathname = usePathname();
  return (
    <nav aria-label={label}>
      <ul className="space-y-0.5">
        {items.map((item) => {
          const Icon = navigationIcons[item.icon];
          return (
            <li key={item.href}>
              <Link
                href={item.href}
                aria-current={isCurrent(item, pathname) ? 'page' : undefined}
                {...(onNavigate ? { onClick: onNavigate } : {})}
                className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-base text-muted transition-colors duration-150 hover:bg-hover hover:text-ink md:h-8 aria-[current]:bg-line/70 aria-[current]:font-medium aria-[current]:text-ink"
              >
                <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
                {item.label}
                <WaitingCount count={item.waiting} />
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
