import type { Page } from '@playwright/test';
import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

const PORTAL = '/p/[provider]/[customer]';

/** The consumer portal: an owner, a viewer, and the owner of three hundred agents. */
export function customerShots(stage: Stage): readonly Shot[] {
  const { acme, customers, agents, calls, traces } = stage;
  const shot =
    (role: Shot['role'], customerId: string) =>
    (route: string, name: string, path: string, act?: Shot['act']): Shot => ({
      route: `${PORTAL}${route}`,
      role,
      name,
      path: `/p/${acme}/${customerId}${path}`,
      ...(act ? { act } : {}),
    });
  const owner = shot('customer-owner', customers.globex);
  const viewer = shot('customer-viewer', customers.globex);
  const fleet = shot('fleet-owner', customers.initech);
  const agent = `/agents/${agents.busy}`;
  return [
    owner('', 'home', ''),
    owner('', 'home-call', `?call=${calls.answered}`),
    owner('/agents', 'agents', '/agents'),
    owner('/agents/new', 'new-agent', '/agents/new'),
    owner('/agents/[agent]', 'agent', agent),
    owner('/agents/[agent]', 'agent-call', `${agent}?call=${calls.answered}`),
    owner('/agents/[agent]', 'agent-new-key', agent, openKeyForm),
    owner('/agents/[agent]', 'agent-revoke-key', agent, (page) =>
      page.getByRole('button', { name: 'Revoke' }).first().click(),
    ),
    { ...owner('#not-found', 'not-found-agent', '/agents/agt_1'), statuses: [404] },
    owner('/usage', 'usage', '/usage'),
    owner('/usage', 'usage-call', `/usage?call=${calls.answered}`),
    owner('/usage', 'usage-call-failed', `/usage?call=${calls.failed}`),
    owner('/logs', 'logs', '/logs'),
    owner('/logs/[call]', 'explain-refused', `/logs/${traces.refused}`),
    owner('/logs/[call]', 'explain-served', `/logs/${traces.served}`),
    owner('/billing', 'billing', '/billing'),
    owner('/team', 'team', '/team'),
    owner('/docs', 'docs', '/docs'),
    viewer('', 'home', ''),
    viewer('/agents', 'agents', '/agents'),
    viewer('/agents/new', 'new-agent', '/agents/new'),
    viewer('/agents/[agent]', 'agent', agent),
    viewer('/billing', 'billing', '/billing'),
    viewer('/team', 'team', '/team'),
    fleet('', 'home', ''),
    fleet('/agents', 'agents', '/agents'),
    fleet('/agents', 'agents-found', '/agents?search=claims'),
    fleet('/agents', 'agents-none-match', '/agents?search=nobody'),
    fleet('/agents/[agent]', 'agent-idle', `/agents/${agents.idle}`),
    fleet('/agents/[agent]', 'agent-key-shown-once', `/agents/${agents.idle}`, createKey),
    fleet('/usage', 'usage', '/usage'),
    fleet('/logs', 'logs-empty', '/logs'),
    fleet('/billing', 'billing', '/billing'),
  ];
}

async function openKeyForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Create key' }).first().click();
  await page.getByRole('dialog').waitFor();
}

async function createKey(page: Page): Promise<void> {
  await openKeyForm(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('button', { name: 'I have stored it' }).waitFor();
}
