import type { Command } from '@tollwright/ui';

export type NavigationIcon =
  | 'home'
  | 'apis'
  | 'meters'
  | 'plans'
  | 'customers'
  | 'invoices'
  | 'payments'
  | 'usage'
  | 'margin'
  | 'logs'
  | 'settings'
  | 'agents'
  | 'approvals'
  | 'billing'
  | 'team'
  | 'docs';

export interface NavigationItem {
  readonly label: string;
  readonly href: string;
  readonly icon: NavigationIcon;
  /** The first page of the place: current only when the address is exactly its own. */
  readonly exact?: boolean;
  /** What waits for the reader there; 0 is not shown. */
  readonly waiting?: number;
}

/** The console, in the order of the provider's job. */
export function providerNavigation(basePath: string): readonly NavigationItem[] {
  return [
    { label: 'Home', href: basePath, icon: 'home', exact: true },
    { label: 'APIs', href: `${basePath}/apis`, icon: 'apis' },
    { label: 'Meters', href: `${basePath}/meters`, icon: 'meters' },
    { label: 'Plans', href: `${basePath}/plans`, icon: 'plans' },
    { label: 'Customers', href: `${basePath}/customers`, icon: 'customers' },
    { label: 'Payments', href: `${basePath}/payments`, icon: 'payments' },
    { label: 'Invoices', href: `${basePath}/invoices`, icon: 'invoices' },
    { label: 'Usage', href: `${basePath}/usage`, icon: 'usage' },
    { label: 'Margin', href: `${basePath}/margin`, icon: 'margin' },
    { label: 'Logs', href: `${basePath}/logs`, icon: 'logs' },
    { label: 'Settings', href: `${basePath}/settings`, icon: 'settings' },
  ];
}

/** Payments that owners approve: how many wait, and whether there can be any. */
export interface Approvals {
  readonly waiting: number;
  readonly isUsed: boolean;
}

/** The consumer portal: what an owner of agents comes for, first. Approvals are a page only of those whom they concern. */
export function consumerNavigation(basePath: string, approvals: Approvals): readonly NavigationItem[] {
  return [
    { label: 'Home', href: basePath, icon: 'home', exact: true },
    { label: 'Agents', href: `${basePath}/agents`, icon: 'agents' },
    ...(approvals.isUsed
      ? [
          {
            label: 'Approvals',
            href: `${basePath}/approvals`,
            icon: 'approvals',
            waiting: approvals.waiting,
          } as const,
        ]
      : []),
    { label: 'Usage', href: `${basePath}/usage`, icon: 'usage' },
    { label: 'Logs', href: `${basePath}/logs`, icon: 'logs' },
    { label: 'Plan & billing', href: `${basePath}/billing`, icon: 'billing' },
    { label: 'Team', href: `${basePath}/team`, icon: 'team' },
    { label: 'Docs', href: `${basePath}/docs`, icon: 'docs' },
  ];
}

/** Every page of a place as a command. */
export function navigationCommands(items: readonly NavigationItem[]): readonly Command[] {
  return items.map(({ label, href }) => ({ label, href, group: 'Go to' }));
}

/** Whether an address belongs to an item of the navigation. */
export function isCurrent({ href, exact = false }: Pick<NavigationItem, 'href' | 'exact'>, pathname: string): boolean {
  return pathname === href || (!exact && pathname.startsWith(`${href}/`));
}
