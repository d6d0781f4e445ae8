import { expect, type Page, test } from '@playwright/test';
import { bearer, firstRefusal, type Gateway } from '../agent-calls.ts';
import { done } from '../management.ts';
import { freshName } from '../subscriber.ts';
import { atGateway } from './calls.ts';
import { openInConsole } from './provider.ts';
import { addAgent, openShop, subscribeToPro } from './shop.ts';

const FORCE_MS_MAX = 1_000;
const GATEWAYS: readonly Gateway[] = [0, 1];

test('a key that the provider revokes in the console is 401 at every gateway within one second', async ({ page }) => {
  const shop = await openShop(page);
  const name = freshName('customer');
  const { id: customerId } = await done(shop.management.POST('/customers', { body: { name } }));
  await subscribeToPro(shop, customerId);
  const agent = await addAgent(shop, customerId, 'agent-alpha');
  const call = (gateway: Gateway) => () =>
    fetch(`${atGateway(shop.apiUrl, gateway)}/quotes/ACME`, { headers: bearer(agent.key) });
  for (const gateway of GATEWAYS) expect((await call(gateway)()).status).toBe(200);

  await askToRevoke(page, name, 'key of agent-alpha');
  const sentAtMs = page.waitForRequest((request) => request.url().includes('key.revoke')).then(() => performance.now());
  const pressed = page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
  const refusals = await Promise.all(GATEWAYS.map((gateway) => firstRefusal(call(gateway))));
  await pressed;
  const startedAtMs = await sentAtMs;
  const afterMs = refusals.map(({ atMs }) => Math.round(atMs - startedAtMs));
  test.info().annotations.push({ type: 'ms from the request to 401', description: afterMs.join(' ') });
  for (const ms of afterMs) expect(ms).toBeLessThan(FORCE_MS_MAX);
  await expect(
    page.getByRole('table', { name: 'Keys' }).getByRole('row', { name: 'key of agent-alpha' }),
  ).toContainText('Revoked');
  for (const gateway of GATEWAYS) expect((await call(gateway)()).status).toBe(401);
});

async function askToRevoke(page: Page, customer: string, key: string): Promise<void> {
  await openInConsole(page, 'Customers');
  await page.getByRole('link', { name: customer, exact: true }).click();
  await page.getByRole('link', { name: 'Agents and keys' }).click();
  await page.getByRole('button', { name: `Revoke ${key}` }).click();
  await expect(page.getByRole('dialog', { name: `Revoke ${key}?` })).toContainText(
    'agent-alpha stops working with this key in under a second, at every gateway.',
  );
}
