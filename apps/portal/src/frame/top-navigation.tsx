'use client';

import { Link } from '@tollwright/ui';
import { usePathname } from 'next/navigation';
import { isCurrent, type NavigationItem } from './navigation.ts';
import { WaitingCount } from './waiting-count.tsx';

/** Pages from left to right; the current one is underlined in the provider's colour. */
export function TopNavigation({ label, items }: { readonly label: string; readonly items: readonly NavigationItem[] }) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="hidden md:block">
      <ul className="flex gap-6">
        {items.map((item) => (
          <li key={item.href}>
            <Link
              href={item.href}
              aria-current={isCurrent(item, pathname) ? 'page' : undefined}
              className="relative flex h-10 items-center text-base whitespace-nowrap text-muted -outline-offset-2 transition-colors duration-150 hover:text-ink aria-[current]:font-medium aria-[current]:text-ink aria-[current]:after:absolute aria-[current]:after:inset-x-0 aria-[current]:after:bottom-0 aria-[current]:after:h-0.5 aria-[current]:after:bg-(--brand)"
            >
              {item.label}
              <WaitingCount count={item.waiting} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
