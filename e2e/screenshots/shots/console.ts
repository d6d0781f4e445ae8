import type { Page } from '@playwright/test';
import type { Shot } from '../shot.ts';
import type { Stage } from '../stage.ts';

const CONSOLE = '/console/[provider]';

/** The provider's console as its owner works in it. */
export function consoleShots(stage: Stage): readonly Shot[] {
  const { acme, apiId, routes, plans, customers, calls, paymentId, traces } = stage;
  const shot = (route: string, name: string, path: string, act?: Shot['act']): Shot => ({
    route: `${CONSOLE}${route}`,
    role: 'provider-owner',
    name,
    path: `/console/${acme}${path}`,
    ...(act ? { act } : {}),
  });
  const api = `/apis/${apiId}`;
  const customer = '/customers/[customer]';
  return [
    shot('', 'home', ''),
    shot('', 'home-day', '?period=24h'),
    {
      ...shot('', 'home-navigation', '', (page) => page.getByRole('button', { name: 'Open navigation' }).click()),
      widths: [390],
    },
    shot('', 'home-commands', '', (page) => page.keyboard.press('Control+k')),
    shot('', 'home-account-menu', '', (page) => page.getByRole('button', { name: /^Account of/ }).click()),
    shot('/apis', 'apis', '/apis'),
    shot('/apis/new', 'new-api', '/apis/new'),
    shot('/apis/new', 'new-api-preview', '/apis/new', readDocument),
    shot('/apis/[api]', 'api-routes', api),
    shot('/apis/[api]', 'api-route-chat', `${api}?route=${routes.chat}`),
    shot('/apis/[api]', 'api-route-paid', `${api}?route=${routes.paid}`),
    shot('/apis/[api]', 'api-upstream', `${api}?tab=upstream`),
    shot('/apis/[api]', 'api-extractors', `${api}?tab=extractors`),
    shot('/apis/[api]', 'api-new-extractor', `${api}?tab=extractors&new=extractor`),
    shot('/meters', 'meters', '/meters'),
    shot('/meters', 'meters-new', '/meters?new=meter'),
    shot('/meters', 'meters-new-feature', '/meters?new=feature'),
    shot('/plans', 'plans', '/plans'),
    shot('/plans/new', 'new-plan', '/plans/new'),
    shot('/plans/[plan]', 'plan', `/plans/${plans.pro}`),
    shot('/plans/[plan]', 'plan-details', `/plans/${plans.pro}?edit=details`),
    shot('/plans/[plan]', 'plan-draft', `/plans/${plans.draft}`),
    shot('/plans/[plan]', 'plan-publish', `/plans/${plans.draft}`, (page) =>
      page.getByRole('button', { name: /^Publish/ }).click(),
    ),
    shot('/customers', 'customers', '/customers'),
    shot('/customers', 'customers-new', '/customers?new=customer'),
    shot(customer, 'customer', `/customers/${customers.globex}`),
    shot(customer, 'customer-without-plan', `/customers/${customers.cobalt}`),
    shot(customer, 'customer-suspend', `/customers/${customers.globex}`, (page) =>
      page.getByRole('button', { name: /^Suspend/ }).click(),
    ),
    shot(customer, 'customer-agents', `/customers/${customers.globex}?tab=agents`),
    shot(customer, 'customer-agents-300', `/customers/${customers.initech}?tab=agents`),
    shot(customer, 'customer-usage', `/customers/${customers.globex}?tab=usage`),
    shot('/payments', 'payments', '/payments'),
    shot('/payments', 'payments-all', '/payments?view=payments'),
    shot('/payments', 'payers', '/payments?view=payers'),
    shot('/payments', 'payments-none-match', '/payments?view=payments&state=refunded'),
    shot('/payments', 'payment', `/payments?payment=${paymentId}`),
    shot('/usage', 'usage', '/usage'),
    shot('/usage', 'usage-of-customer', `/usage?customer=${customers.initech}`),
    shot('/usage', 'usage-calls', '/usage?view=calls'),
    shot('/usage', 'usage-calls-failed', '/usage?view=calls&status=error'),
    shot('/usage', 'usage-call', `/usage?view=calls&call=${calls.answered}`),
    shot('/usage', 'usage-call-failed', `/usage?view=calls&status=error&call=${calls.failed}`),
    shot('/margin', 'margin', '/margin'),
    shot('/margin', 'margin-of-customers', '/margin?by=customer'),
    shot('/margin', 'costs', '/margin?view=costs'),
    shot('/margin', 'costs-edit', '/margin?view=costs&edit=costs'),
    shot('/logs', 'logs', '/logs'),
    shot('/logs', 'logs-refused', '/logs?decision=refused&status=429'),
    shot('/logs', 'logs-none-match', '/logs?decision=would-refuse&problem=internal'),
    shot('/logs/[call]', 'explain-refused', `/logs/${traces.refused}`),
    shot('/logs/[call]', 'explain-served', `/logs/${traces.served}`),
    ...['organization', 'wallets', 'stripe', 'team', 'tokens', 'audit'].map((tab) =>
      shot('/settings', `settings-${tab}`, `/settings?tab=${tab}`),
    ),
    shot('/settings', 'settings-new-token', '/settings?tab=tokens', (page) =>
      page.getByRole('button', { name: 'Create token' }).click(),
    ),
    shot('/settings', 'settings-remove-member', '/settings?tab=team', (page) =>
      page
        .getByRole('button', { name: /^Remove/ })
        .last()
        .click(),
    ),
  ];
}

async function readDocument(page: Page): Promise<void> {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Tides', version: '2.1' },
    servers: [{ url: 'https://tides.example' }],
    paths: {
      '/stations': { get: { operationId: 'listStations', responses: {} } },
      '/stations/{id}/tides': { get: { operationId: 'getTides', responses: {} } },
      '/forecasts': { post: { operationId: 'createForecast', responses: {} } },
    },
  };
  await page.getByRole('textbox', { name: /document/i }).fill(JSON.stringify(document));
  await page.getByRole('button', { name: /^Read/ }).click();
  await page.getByText('3 routes').waitFor();
}
