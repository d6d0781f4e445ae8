import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

const CONSOLE = '/console/[provider]';

/** The console as a viewer sees it, wherever an owner sees something to press. */
export function consoleViewerShots({ acme, apiId, routes, plans, customers, traces }: Stage): readonly Shot[] {
  const shot = (route: string, name: string, path: string, rest: Partial<Shot> = {}): Shot => ({
    route: `${CONSOLE}${route}`,
    role: 'provider-viewer',
    name,
    path: `/console/${acme}${path}`,
    ...rest,
  });
  const api = `/apis/${apiId}`;
  return [
    shot('', 'home', ''),
    shot('/apis', 'apis', '/apis'),
    shot('/apis/new', 'new-api', '/apis/new'),
    shot('/apis/[api]', 'api-route', `${api}?route=${routes.paid}`),
    shot('/apis/[api]', 'api-upstream', `${api}?tab=upstream`),
    shot('/apis/[api]', 'api-extractors', `${api}?tab=extractors`),
    shot('/meters', 'meters', '/meters'),
    shot('/plans', 'plans', '/plans'),
    shot('/plans/new', 'new-plan', '/plans/new'),
    shot('/plans/[plan]', 'plan-draft', `/plans/${plans.draft}`),
    shot('/customers', 'customers', '/customers'),
    shot('/customers/[customer]', 'customer', `/customers/${customers.globex}`),
    shot('/customers/[customer]', 'customer-agents', `/customers/${customers.globex}?tab=agents`),
    shot('/logs', 'logs', '/logs'),
    shot('/logs/[call]', 'explain-refused', `/logs/${traces.refused}`),
    ...['organization', 'wallets', 'team', 'tokens'].map((tab) =>
      shot('/settings', `settings-${tab}`, `/settings?tab=${tab}`),
    ),
    {
      route: '/#not-found',
      role: 'provider-viewer',
      name: 'not-found-console',
      path: '/console/globex',
      statuses: [404],
    },
    {
      route: '/console/[provider]#not-found',
      role: 'provider-viewer',
      name: 'not-found-customer',
      path: `/console/${acme}/customers/cus_1`,
      statuses: [404],
    },
  ];
}
