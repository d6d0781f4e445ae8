import { expect, type Locator, type Page, test } from '@playwright/test';
import { bearer, chatBody, problemOf } from '../agent-calls.ts';
import { eventually } from '../eventually.ts';
import { done } from '../management.ts';
import { type Customer, createAgent, createKey, joinProvider, openInPortal, subscribe } from './customer.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openShop, type Shop } from './shop.ts';

const LIMIT = 2;
const LISTED_MS_MAX = 30_000;

/** A shop whose customer may call twice an hour. */
interface Scene {
  readonly shop: Shop;
  readonly owner: Page;
  readonly customer: Customer;
  readonly key: string;
}

test.afterEach(({ browser, context }) => closeOtherContexts(browser, context));

test('a refused call is found in the log by its address, and explained to provider and owner', async ({
  page,
  browser,
}) => {
  const scene = await test.step('a provider limits calls, and a customer calls too often', async () => {
    const shop = await openShop(page);
    const owner = await (await browser.newContext()).newPage();
    const customer = await joinProvider(owner, shop);
    await subscribe(owner, 'Pro');
    await createAgent(owner, { name: 'agent-alpha', monthlyUsd: '5' });
    const key = await createKey(owner, 'agent-alpha');
    await limitCalls(shop);
    return { shop, owner, customer, key };
  });
  const refused = await test.step('the agent is refused', () => callUntilRefused(scene));
  await test.step('the provider finds it by filters in the address', () => expectFiltered(page, scene, refused));
  await test.step('and reads which policy refused it, at which limit, and what it would have cost', async () => {
    await logTable(page).getByRole('link').first().click();
    await expectExplained(page);
    await expect(page.getByRole('link', { name: scene.customer.name })).toBeVisible();
  });
  await test.step('its owner finds it too, and nothing of strangers', () => expectOwnersLog(scene, refused));
  await test.step('a served call leads to its explanation and back', () => expectServed(scene));
});

async function limitCalls({ management }: Shop): Promise<void> {
  const { items } = await done(management.GET('/apis'));
  const params = { path: { apiId: items[0]?.id ?? '' } };
  const options = { name: 'burst', limit: LIMIT, windowSeconds: 3_600, by: 'key' };
  await done(
    management.PUT('/apis/{apiId}/policies', {
      params,
      body: { policies: [{ type: 'rate-limit', options, shadow: false }] },
    }),
  );
}

function chat({ apiUrl }: Shop, key: string): Promise<Response> {
  return fetch(`${apiUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: chatBody({ max_tokens: 10 }),
  });
}

/** The request id of the first call beyond the limit. */
async function callUntilRefused({ shop, key }: Scene): Promise<string> {
  expect((await chat(shop, 'tw_live_nobody00000000000000000000000000')).status).toBe(401);
  return eventually('a call is refused by the limit', LISTED_MS_MAX, async () => {
    const answer = await chat(shop, key);
    // Served, or not decided by a store that is late.
    if (answer.status !== 429) return null;
    const problem = await problemOf(answer);
    expect(problem).toMatchObject({ slug: 'rate-limited', exhausted: 'burst', limit: String(LIMIT) });
    return String(problem.requestId);
  });
}

async function expectFiltered(page: Page, { shop, customer }: Scene, requestId: string): Promise<void> {
  await page.goto(`${shop.consoleUrl}/logs?decision=refused&policy=rate-limit%3Aburst&request=${requestId}`);
  const row = rowsOf(page).first();
  await expect(row).toContainText('Refused: Rate limit burst');
  await expect(rowsOf(page)).toHaveCount(1);
  for (const text of ['429', 'POST /v1/chat/completions', customer.name, 'agent-alpha']) {
    await expect(row).toContainText(text);
  }
  await expect(page.getByLabel('Result')).toHaveValue('refused');
  await expect(page.getByLabel('Policy')).toHaveValue('rate-limit:burst');
  await expect(page.getByLabel('Request')).toHaveValue(requestId);
  await page.getByLabel('Result').selectOption('Would be refused');
  await expect(page).toHaveURL(/decision=would-refuse/);
  await expect(page.getByText('No call matches')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/decision=refused/);
  await expect(rowsOf(page)).toHaveCount(1);
}

async function expectExplained(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('POST /v1/chat/completions');
  const step = decisions(page).filter({ hasText: 'Rate limit burst' });
  await expect(step).toContainText('set for the API');
  await expect(step).toContainText('Refused');
  await expect(step).toContainText(`${LIMIT} of ${LIMIT} calls`);
  await expect(decisions(page).filter({ hasText: 'API key' })).toContainText('Allowed');
  await expectAddsUp(page.getByRole('table', { name: 'Would have been held' }));
}

/** The lines of a price add up to its total, rounded up to a whole nano-dollar. */
async function expectAddsUp(table: Locator): Promise<void> {
  const amounts = table.locator('tbody tr td:last-child [data-exact]');
  await expect(amounts).toHaveCount(2);
  const lines = await amounts.evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-exact'))));
  const total = Number(await table.locator('[data-figure="traced-price"]').getAttribute('data-exact'));
  expect(total).toBeGreaterThan(0);
  expect(total).toBe(Math.ceil(lines.reduce((sum, line) => sum + line, 0)));
}

async function expectOwnersLog({ owner }: Scene, requestId: string): Promise<void> {
  await openInPortal(owner, 'Logs');
  await expect(rowsOf(owner).filter({ hasText: 'Refused: Rate limit burst' }).first()).toBeVisible();
  await expect(rowsOf(owner).filter({ hasText: '401' })).toHaveCount(0);
  await owner.getByLabel('Request').fill(requestId);
  await owner.getByLabel('Request').press('Enter');
  await expect(owner).toHaveURL(new RegExp(`request=${requestId}`));
  await expect(rowsOf(owner)).toHaveCount(1);
  await rowsOf(owner).getByRole('link').click();
  await expectExplained(owner);
}

async function expectServed({ owner }: Scene): Promise<void> {
  await openInPortal(owner, 'Logs');
  await owner.getByLabel('Result').selectOption('Allowed');
  await expect(rowsOf(owner).filter({ hasText: 'Refused' })).toHaveCount(0);
  await rowsOf(owner).filter({ hasText: 'Allowed' }).getByRole('link').first().click();
  await expect(decisions(owner).filter({ hasText: 'Budget of agent agent-alpha' })).toContainText('Allowed');
  await expectAddsUp(owner.getByRole('table', { name: 'Price of the call' }));
  await owner.getByRole('link', { name: 'Open the call' }).click();
  await owner
    .getByRole('dialog')
    .getByRole('link', { name: /^Explain/ })
    .click();
  await expect(owner.getByRole('heading', { level: 2, name: 'Decisions' })).toBeVisible();
}

function logTable(page: Page): Locator {
  return page.getByRole('table', { name: 'Traced calls, newest first' });
}

function rowsOf(page: Page): Locator {
  return logTable(page).locator('tbody').getByRole('row');
}

function decisions(page: Page): Locator {
  return page.getByRole('region', { name: 'Decisions' }).getByRole('listitem');
}
