import { PROBLEM_SLUGS } from '@tollwright/core';
import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

/** Problem types, and the pages that stand in for one that is not there or failed. */
export function problemShots({ acme }: Stage): readonly Shot[] {
  const pages = PROBLEM_SLUGS.map((slug): Shot => {
    return { route: '/problems/[slug]', role: 'nobody', name: `problem-${slug}`, path: `/problems/${slug}` };
  });
  const missing = { role: 'nobody', statuses: [404] } as const;
  return [
    { route: '/problems', role: 'nobody', name: 'problems', path: '/problems' },
    ...pages,
    { ...missing, route: '/#not-found', name: 'not-found', path: '/nothing-here' },
    { ...missing, route: '/#not-found', name: 'not-found-storefront', path: '/p/nobody-sells-here/sign-in' },
    {
      route: '/#error',
      role: 'provider-owner',
      name: 'error',
      path: `/console/${acme}/plans`,
      statuses: [500],
      unreadable: 'plan',
    },
  ];
}
