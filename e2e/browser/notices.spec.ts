import { expect, type Page, test } from '@playwright/test';
import { bearer, chatBody } from '../agent-calls.ts';
import { createAgent, createKey, joinProvider, subscribe } from './customer.ts';
import { region } from './facts.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openShop } from './shop.ts';

const LISTED_MS_MAX = 60_000;
const CALLS = 4;

test.afterEach(({ browser, context }) => closeOtherContexts(browser, context));

test('an owner notes something on a key, lets a budget only tell, and both sides see which limits were reached', async ({
  page,
  browser,
}) => {
  const shop = await test.step('a provider sells', () => openShop(page));
  const own = await (await browser.newContext()).newPage();
  const customer = await test.step('an owner joins and subscribes', async () => {
    const joined = await joinProvider(own, shop);
    await subscribe(own, 'Pro');
    return joined;
  });
  const key = await test.step('with an agent, its key and a tiny budget', async () => {
    await createAgent(own, { name: 'agent-alpha', monthlyUsd: '0.0001' });
    return createKey(own, 'agent-alpha');
  });
  await test.step('notes a team on the key', () => noteOnKey(own));
  await test.step('lets the budget only tell', () => makeSoft(own));
  await test.step('calls go on beyond it', async () => {
    for (let call = 0; call < CALLS; call++) expect((await chat(shop.apiUrl, key)).status).toBe(200);
  });
  await test.step("the owner's home lists the limits reached", () => expectListed(own, customer.url));
  const consolePage = `${shop.consoleUrl}/customers/${customer.id}`;
  await test.step("so does the provider's page of the customer", () => expectListed(page, consolePage));
});

async function noteOnKey(page: Page): Promise<void> {
  await page.reload();
  const row = page
    .getByRole('table', { name: 'Keys of agent-alpha' })
    .getByRole('row')
    .filter({ hasText: 'production' });
  await row.getByRole('button', { name: 'Notes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Notes on key production' });
  await dialog.getByRole('button', { name: 'Add a line' }).click();
  await dialog.getByLabel('Name 1').fill('team');
  await dialog.getByLabel('Value 1').fill('research');
  await dialog.getByRole('button', { name: 'Save notes' }).click();
  await expect(row).toContainText('team: research');
}

async function makeSoft(page: Page): Promise<void> {
  const budget = region(page, 'Budget');
  await budget.getByRole('button', { name: 'Change budget' }).click();
  const dialog = page.getByRole('dialog', { name: 'Budget of agent-alpha' });
  await expect(dialog.getByRole('radio', { name: 'Stop calls at the limit' })).toBeChecked();
  await dialog.getByRole('radio', { name: 'Only tell me' }).check();
  await dialog.getByRole('button', { name: 'Save budget' }).click();
  await expect(budget).toContainText('Only tells you: calls go on beyond it.');
}

/** 40 output tokens at 2 dollars a million: four calls cost three times the budget. */
function chat(apiUrl: string, key: string): Promise<Response> {
  return fetch(`${apiUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: chatBody({ max_tokens: 40, upstream: { completionTokens: 40 } }),
  });
}

async function expectListed(page: Page, url: string): Promise<void> {
  const table = page.getByRole('table', { name: 'Limits reached' });
  await expect(async () => {
    await page.goto(url);
    for (const percent of ['50%', '80%', '95%', '100%']) {
      const row = table.getByRole('row').filter({ has: page.getByRole('cell', { name: percent, exact: true }) });
      await expect(row).toContainText('agent-alpha', { timeout: 5_000 });
    }
  }).toPass({ timeout: LISTED_MS_MAX });
}
