import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

const CONSOLE = '/console/[provider]';
const PORTAL = '/p/[provider]/[customer]';

/** First screens: a provider that sells nothing yet, a customer without plan and agents. */
export function newOrganizationShots({ newProvider, acme, customers }: Stage): readonly Shot[] {
  const provider = (route: string, name: string, query = ''): Shot => ({
    route: `${CONSOLE}${route}`,
    role: 'new-provider',
    name,
    path: `/console/${newProvider}${route}${query}`,
  });
  const customer = (route: string, name: string): Shot => ({
    route: `${PORTAL}${route}`,
    role: 'new-customer',
    name,
    path: `/p/${acme}/${customers.cobalt}${route}`,
  });
  return [
    provider('', 'home'),
    provider('/apis', 'apis'),
    provider('/meters', 'meters'),
    provider('/plans', 'plans'),
    provider('/plans/new', 'new-plan'),
    provider('/customers', 'customers'),
    provider('/payments', 'payments'),
    provider('/usage', 'usage'),
    provider('/usage', 'usage-calls', '?view=calls'),
    provider('/margin', 'margin'),
    provider('/margin', 'costs', '?view=costs'),
    provider('/settings', 'settings-wallets', '?tab=wallets'),
    provider('/settings', 'settings-tokens', '?tab=tokens'),
    provider('/settings', 'settings-audit', '?tab=audit'),
    customer('', 'home'),
    customer('/agents', 'agents'),
    customer('/agents/new', 'new-agent'),
    customer('/usage', 'usage'),
    customer('/billing', 'billing'),
    customer('/team', 'team'),
    customer('/docs', 'docs'),
  ];
}
