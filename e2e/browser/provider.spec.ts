import { expect, type Page, test } from '@playwright/test';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { query, tablesWith } from '../database.ts';
import { balanceOf, fromBase64, newPayer } from '../payer.ts';
import { freshName } from '../subscriber.ts';
import { sampleDocument, upstreamCredential, upstreamUrl } from '../upstream.ts';
import { changeRoute, confirm, routeRow, tab } from './console-pages.ts';
import { expectFacts, region } from './facts.ts';
import { createAndPublish, priceInTiers, priceModel, publish, startPlan } from './plan-editor.ts';
import { foundProvider, openInConsole } from './provider.ts';

const PRICE_ATOMIC = 10_000n;
const SHOWN_MS_MAX = 30_000;

test('a provider sells an API: from sign-up over plans to the payment of a stranger', async ({ page }) => {
  await test.step('signs up by mail and names itself', () => foundProvider(page));
  const baseUrl = await test.step('adds an API from a pasted document', () => pasteApi(page));
  await test.step('adds an API by the address of its document', () => fetchApi(page));
  await test.step('names another address for the second, and when it is tried', () => prepareForFailure(page));
  await test.step('tries an extractor on an answer and lets the chat route use it', () => readAnswers(page));
  await test.step('defines meters and a feature', () => defineMeters(page));
  await test.step('publishes Free', () => publishFree(page));
  await test.step('publishes Pro', () => publishPro(page));
  const contract = await test.step('adds the customer of a contract', () => addCustomer(page, freshName('contract')));
  const other = await test.step('adds another customer', () => addCustomer(page, freshName('other')));
  await test.step('publishes Enterprise for the one', () => publishEnterprise(page, contract));
  await test.step('only that customer may have Enterprise', () => expectPrivate(page, contract, other));
  await test.step('a subscriber stays on its version until moved', () => expectImmutable(page, other));
  const payTo = await test.step('names the wallet that gets the money', () => addWallet(page));
  await test.step('prices two routes for strangers', () => priceRoutes(page));
  await test.step('a stranger pays, and the payment is in the console', () => expectPayments(page, baseUrl, payTo));
});

const OPERATIONS = ['/quotes/{symbol}', '/v1/chat/completions', '/v1/models', '/weather'];

async function pasteApi(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Add API' }).click();
  await page.getByLabel('OpenAPI document').fill(await sampleDocument());
  await page.getByRole('button', { name: 'Read document' }).click();
  await expect(page.getByRole('heading', { name: '7 routes' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Operations of the document' }).getByRole('row')).toHaveCount(8);
  await page.getByLabel('Name', { exact: true }).fill('Chat');
  await expect(page.getByLabel('Upstream address')).toHaveValue(upstreamUrl());
  await page.getByLabel('Upstream credential').fill(upstreamCredential());
  await page.getByRole('button', { name: 'Add API' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Chat');
  for (const path of OPERATIONS) await expect(routeRow(page, path)).toBeVisible();
  const baseUrl =
    (await page
      .getByRole('main')
      .getByText(/^http:\/\/\S+\/chat$/)
      .textContent()) ?? '';
  await expectCredentialHidden(page);
  return baseUrl;
}

/** What was written is on no page and, in the clear, in no table. */
async function expectCredentialHidden(page: Page): Promise<void> {
  await tab(page, 'Chat', 'Upstream').click();
  await expect(
    page.getByText('The gateway sends Authorization. Its value is encrypted and cannot be shown.'),
  ).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Upstream credential' })).toHaveValue('');
  expect(await page.content()).not.toContain(upstreamCredential());
  expect(await tablesWith(upstreamCredential())).toEqual([]);
}

async function fetchApi(page: Page): Promise<void> {
  await openInConsole(page, 'APIs');
  await page.getByRole('link', { name: 'Add API' }).click();
  await page.getByLabel('Fetch it from an address').check();
  await page.getByLabel('Address of the document').fill(`${upstreamUrl()}/openapi.json`);
  await page.getByRole('button', { name: 'Read document' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Second');
  await page.getByRole('button', { name: 'Add API' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Second');
  for (const path of OPERATIONS) await expect(routeRow(page, path)).toBeVisible();
  await openInConsole(page, 'APIs');
  await expect(page.getByRole('table', { name: 'APIs' }).getByRole('link')).toHaveText(['Chat', 'Second']);
}

async function prepareForFailure(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Second', exact: true }).click();
  await tab(page, 'Second', 'Upstream').click();
  const addresses = page.getByLabel('Other addresses');
  const save = page.getByRole('button', { name: 'Save upstream' });
  await addresses.fill(`https://second.example\n${upstreamUrl()}`);
  await save.click();
  await expect(page.getByText('Line 2: is the upstream address itself.')).toBeVisible();
  await addresses.fill('\nhttps://second.example/\n');
  await page.getByLabel('On, with numbers of your own').check();
  await page.getByLabel('Failures in a row').fill('3');
  const saved = page.waitForResponse((response) => response.url().includes('/api.update') && response.ok());
  await save.click();
  await saved;
  await page.reload();
  await expect(addresses).toHaveValue('https://second.example');
  await expect(page.getByLabel('Failures in a row')).toHaveValue('3');
  await expect(page.getByLabel('Calls at least')).toHaveValue('20');
  await openInConsole(page, 'APIs');
}

async function readAnswers(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Chat', exact: true }).click();
  await tab(page, 'Chat', 'Extractors').click();
  await page.getByRole('main').getByRole('link', { name: 'Create extractor' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'New extractor' });
  await expect(sheet.getByRole('radio', { name: /^OpenAI-shaped/ })).toBeChecked();
  const answer = sheet.getByLabel('Try it on an answer');
  await answer.fill('{"model":"toll-large","usage":{"prompt_tokens":11,"completion_tokens":8,"total_tokens":19}}');
  await expect(sheet.getByRole('term')).toHaveText(['model', 'input_tokens', 'output_tokens', 'total_tokens']);
  await expect(sheet.getByRole('definition')).toHaveText(['toll-large', '11', '8', '19']);
  await answer.fill('{"model":"toll-large"}');
  await expect(sheet.getByText('Something is missing')).toBeVisible();
  await answer.fill('Service unavailable');
  await expect(sheet.getByText('This answer cannot be read')).toBeVisible();
  await sheet.getByLabel('Ask streams for their usage').uncheck();
  await sheet.getByRole('button', { name: 'Add a line to At most in one call' }).click();
  await sheet.getByLabel('Name 1 of At most in one call').fill('bytes_out');
  await sheet.getByRole('button', { name: 'Create extractor' }).click();
  await expect(sheet.getByText('Must be a number.')).toBeVisible();
  await sheet.getByLabel('Value 1 of At most in one call').fill('40,000');
  await sheet.getByRole('button', { name: 'Create extractor' }).click();
  await expect(sheet).toBeHidden();
  await expect(page.getByText('Streams are not asked for usage. At most 40,000 bytes_out.')).toBeVisible();
  await tab(page, 'Chat', 'Routes').click();
  await changeRoute(page, '/v1/chat/completions', (route) =>
    route.getByLabel('Extractor').selectOption('OpenAI-shaped'),
  );
  await expect(routeRow(page, '/v1/chat/completions')).toContainText('OpenAI-shaped');
}

async function defineMeters(page: Page): Promise<void> {
  await openInConsole(page, 'Meters');
  await page.getByRole('link', { name: 'Create meter' }).click();
  const sheet = page.getByRole('dialog', { name: 'New meter' });
  await sheet.getByLabel('Name').fill('Requests');
  await sheet.getByLabel('Slug').fill('requests');
  await expect(sheet.getByLabel('Event type')).toHaveValue('request');
  await sheet.getByRole('radio', { name: /^COUNT/ }).check();
  await sheet.getByLabel('Group by').fill('model = $.model\nroute = $.route');
  await sheet.getByRole('button', { name: 'Create meter' }).click();
  await expect(sheet).toBeHidden();
  await page.getByRole('button', { name: 'Create all 2' }).click();
  const meters = page.getByRole('table', { name: 'Meters' });
  for (const [slug, counts] of [
    ['requests', 'COUNT'],
    ['input_tokens', 'SUM $.input_tokens'],
    ['output_tokens', 'SUM $.output_tokens'],
  ] as const) {
    const row = meters.getByRole('row').filter({ has: page.getByRole('cell', { name: slug, exact: true }) });
    await expect(row.getByRole('cell', { name: counts, exact: true })).toBeVisible();
    await expect(row.getByRole('cell', { name: 'model, route', exact: true })).toBeVisible();
  }
  await page.getByRole('link', { name: 'Create feature' }).click();
  const feature = page.getByRole('dialog', { name: 'New feature' });
  await feature.getByLabel('Name').fill('Tokens');
  await feature.getByLabel('Input tokens').check();
  await feature.getByLabel('Output tokens').check();
  await feature.getByRole('button', { name: 'Create feature' }).click();
  await expect(page.getByRole('cell', { name: 'input_tokens + output_tokens' })).toBeVisible();
}

async function publishFree(page: Page): Promise<void> {
  await startPlan(page, 'Free', { requestsPerMinute: '10', tokensPerMonth: '10000' });
  await createAndPublish(page, 'Free', 'New subscribers get it.');
  await expectFacts(region(page, 'Version 1 Published'), {
    'Monthly fee': '0.00 USD a month',
    'Rate limit': '10 requests a minute',
    Quota: '10,000 tokens a month',
  });
}

async function publishPro(page: Page): Promise<void> {
  await startPlan(page, 'Pro', { requestsPerMinute: '100', tokensPerMonth: '1000000' });
  await page.getByLabel('Monthly fee').fill('29');
  await priceModel(page, 1, 'toll-small', ['1', '2']);
  await priceModel(page, 2, 'toll-large', ['2.50', '10']);
  // 1,000 tokens in at 1 USD and 500 out at 2 USD per million are 0.002 USD; 10,000 such calls and the fee are 49 USD.
  await expectFacts(region(page, 'Try a call'), { 'A call': '0.002 USD', 'A month': '49.00 USD' });
  await createAndPublish(page, 'Pro', 'New subscribers get it.');
  await expectFacts(region(page, 'Version 1 Published'), {
    'Monthly fee': '29.00 USD a month',
    'Rate limit': '100 requests a minute',
    Quota: '1,000,000 tokens a month',
  });
}

async function publishEnterprise(page: Page, customer: string): Promise<void> {
  await startPlan(page, 'Enterprise', { requestsPerMinute: '6000', tokensPerMonth: '500000000' });
  await page.getByLabel('Who sees it').selectOption(`Only ${customer}`);
  await page.getByRole('button', { name: 'Add price per unit' }).click();
  await page.getByLabel('Meter').selectOption('Requests');
  await priceInTiers(page, { upTo: '1,000', usdPerUnit: '0.01' }, { usdPerUnit: '0.005', flatUsd: '2' });
  // 1,000 calls at 0.01 USD, 2 USD once, and 9,000 at 0.005 USD.
  await expectFacts(region(page, 'Try a call'), { 'First call': '0.01 USD', 'A month': '57.00 USD' });
  await tryVolume(page);
  await createAndPublish(page, 'Enterprise', 'Only its customer can subscribe to it.');
  await expectFacts(region(page, 'Version 1 Published'), {
    Requests:
      'all requests of a month at one price, of how many they are: up to 1,000 0.01 USD each, for more 0.005 USD each and 2 USD once; 7.00 USD a month off',
    'Usage at least': '50.00 USD a month',
  });
  await expect(page.getByText('Private', { exact: true })).toBeVisible();
}

/** The same tiers by volume: 10,000 calls at 0.005 USD and 2 USD once, less an amount, up to a minimum. */
async function tryVolume(page: Page): Promise<void> {
  await priceInTiers(
    page,
    { upTo: '1,000', usdPerUnit: '0.01' },
    { usdPerUnit: '0.02', flatUsd: '2' },
    'By the month’s volume',
  );
  await page.getByRole('button', { name: 'Create draft' }).click();
  await expect(page.getByText('Not more than the tier before.')).toBeVisible();
  await page.getByLabel('Price of one unit').last().fill('0.005');
  await page.getByLabel('Off each month').fill('7');
  await page.getByLabel('Minimum usage').fill('50');
  await expectFacts(region(page, 'Try a call'), {
    'First call': '0.01 USD',
    'Given back when the month ends': '-5.00 USD',
    'Amount off': '-7.00 USD',
    'Up to the minimum': '5.00 USD',
    'A month': '50.00 USD',
  });
}

/** Adds a customer without people. Ends at its page. */
async function addCustomer(page: Page, name: string): Promise<string> {
  await openInConsole(page, 'Customers');
  await page.getByRole('link', { name: 'Add customer' }).click();
  await page.getByRole('dialog', { name: 'New customer' }).getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Add customer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  return name;
}

async function openCustomer(page: Page, name: string): Promise<void> {
  await openInConsole(page, 'Customers');
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

async function expectPrivate(page: Page, contract: string, other: string): Promise<void> {
  for (const [name, versions] of [
    [contract, ['Enterprise version 1', 'Free version 1', 'Pro version 1']],
    [other, ['Free version 1', 'Pro version 1']],
  ] as const) {
    await openCustomer(page, name);
    const offered = async () => (await page.getByLabel('Plan version').getByRole('option').allInnerTexts()).sort();
    await expect.poll(offered).toEqual(versions);
  }
}

async function expectImmutable(page: Page, customer: string): Promise<void> {
  await page.getByLabel('Plan version').selectOption('Pro version 1');
  await confirm(page, 'Subscribe customer', 'Subscribe to Pro version 1');
  await expect(page.getByRole('heading', { name: 'Pro version 1' })).toBeVisible();
  const termsOf = (version: number) =>
    query(
      `SELECT v.terms FROM plan_version v JOIN plan p ON p.id = v.plan_id JOIN customer c ON c.provider_id = p.provider_id
       WHERE c.name = $1 AND p.name = 'Pro' AND v.version = $2`,
      [customer, version],
    );
  const before = await termsOf(1);
  await openInConsole(page, 'Plans');
  await page.getByRole('link', { name: 'Pro', exact: true }).click();
  await expect(region(page, 'Version 1 Published')).toBeVisible();
  await expect(page.getByLabel('Monthly fee')).toHaveCount(0);
  await page.getByRole('button', { name: 'Start version 2' }).click();
  await page.getByLabel('Monthly fee').fill('39');
  await publish(page, 2, 'New subscribers get it. The one subscriber stays on their version until moved.');
  expect(await termsOf(1)).toEqual(before);
  expect(await termsOf(2)).not.toEqual(before);
  await openCustomer(page, customer);
  await expect(page.getByRole('heading', { name: 'Pro version 1' })).toBeVisible();
  await expectFacts(region(page, 'Pro version 1'), { 'Monthly fee': '29.00 USD a month' });
  await page.getByLabel('Move to').selectOption('Pro version 2');
  await confirm(page, 'Move subscription', 'Move to Pro version 2');
  await expect(page.getByRole('heading', { name: 'Pro version 2' })).toBeVisible();
  await expectFacts(region(page, 'Pro version 2'), { 'Monthly fee': '39.00 USD a month' });
}

async function addWallet(page: Page): Promise<string> {
  const { address } = privateKeyToAccount(generatePrivateKey());
  await openInConsole(page, 'Settings');
  await tab(page, 'Settings', 'Wallets').click();
  await page.getByLabel('Network').selectOption('USDC on Base Sepolia (test money)');
  await page.getByLabel('Pay to').fill(address);
  await page.getByRole('button', { name: 'Add wallet' }).click();
  await expect(page.getByRole('table', { name: 'Wallets' }).locator(`[data-exact="${address}" i]`)).toBeVisible();
  return address;
}

async function priceRoutes(page: Page): Promise<void> {
  await openInConsole(page, 'APIs');
  await page.getByRole('link', { name: 'Chat', exact: true }).click();
  for (const path of ['/weather', '/v1/chat/completions']) {
    await changeRoute(page, path, (route) => route.getByLabel('Price for strangers').fill('0.01'));
    await expect(routeRow(page, path)).toContainText('0.01 USD a call');
  }
  await expect(routeRow(page, '/v1/models')).toContainText('Refused');
}

async function expectPayments(page: Page, baseUrl: string, payTo: string): Promise<void> {
  const payer = await newPayer(1_000_000n);
  const chat = { method: 'POST', headers: { 'content-type': 'application/json' }, body: CHAT };
  const transactions: string[] = [];
  for (const [path, init] of [
    ['/weather?city=Lisbon', {}],
    ['/v1/chat/completions', chat],
  ] as const) {
    await expect.poll(async () => (await fetch(baseUrl + path, init)).status, { timeout: SHOWN_MS_MAX }).toBe(402);
    const answer = await payer.fetchV2(baseUrl + path, init);
    expect(answer.status).toBe(200);
    transactions.push(fromBase64<{ transaction: string }>(answer.headers.get('payment-response')).transaction);
  }
  expect(await balanceOf(payTo)).toBe(2n * PRICE_ATOMIC);
  await openInConsole(page, 'Payments');
  await expect(page.locator('[data-figure="funnel-served"]')).toHaveAttribute('data-exact', '2', {
    timeout: SHOWN_MS_MAX,
  });
  await tab(page, 'Payments', 'All payments').click();
  for (const transaction of transactions) {
    const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: `Copy ${transaction}` }) });
    await expect(row).toContainText('0.01 USD', { timeout: SHOWN_MS_MAX });
    await expect(row).toContainText('Settled');
    await row.getByRole('link').click();
    await expect(page.getByRole('dialog').getByText(transaction)).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  }
}

const CHAT = JSON.stringify({ model: 'toll-small', messages: [{ role: 'user', content: 'hello' }], max_tokens: 5 });
