import type { Page } from '@playwright/test';
import { PROBLEM_SLUGS } from '@tollwright/core';
import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

/** Problem types, and the pages that stand in for one that is not there or failed. */
export function problemShots(stage: Stage): readonly Shot[] {
  const pages = PROBLEM_SLUGS.map((slug): Shot => {
    return { route: '/problems/[slug]', role: 'nobody', name: `problem-${slug}`, path: `/problems/${slug}` };
  });
  const missing = { role: 'nobody', statuses: [404] } as const;
  return [
    { route: '/problems', role: 'nobody', name: 'problems', path: '/problems' },
    ...pages,
    { ...missing, route: '/#not-found', name: 'not-found', path: '/nothing-here' },
    { ...missing, route: '/#not-found', name: 'not-found-storefront', path: '/p/nobody-sells-here/sign-in' },
    ...failures(stage),
  ];
}

/** What a page shows when the portal's server cannot make it. */
function failures({ acme, customers }: Stage): readonly Shot[] {
  const failing = {
    statuses: [500],
    act: (page: Page) => page.getByRole('heading', { name: 'This page could not be made' }).waitFor(),
  };
  return [
    { route: '/#error', role: 'fleet-owner', name: 'error', path: '/console', unreadable: 'membership', ...failing },
    {
      route: '/console/[provider]#error',
      role: 'provider-owner',
      name: 'error-console',
      path: `/console/${acme}/plans`,
      unreadable: 'plan',
      ...failing,
    },
    {
      route: '/p/[provider]/[customer]#error',
      role: 'customer-owner',
      name: 'error-portal',
      path: `/p/${acme}/${customers.globex}/agents`,
      unreadable: 'project',
      ...failing,
    },
  ];
}
