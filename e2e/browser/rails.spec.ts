import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { loadMppx, type MppxPayers, mppxPayers, openLedger, openTempoLedger } from '@tollwright/testing';
import { verifyReceiptSignatureJWS } from '@x402/extensions/offer-receipt';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { bearer } from '../agent-calls.ts';
import { readLocal } from '../local.ts';
import { done, type Management } from '../management.ts';
import { newPayer } from '../payer.ts';
import { makePlan, USD } from '../subscriber.ts';
import { joinProvider, openInPortal, subscribe } from './customer.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openInConsole } from './provider.ts';
import { type AgentWithKey, addAgent, openShop, type Shop } from './shop.ts';

const PRICE = USD / 2n;
const PRICE_USD = '0.50 USD';
const STRIPE_KEY = 'sk_live_double_of_the_rails';
const INGESTED_MS_MAX = 30_000;

test.afterEach(({ browser, context }) => closeOtherContexts(browser, context));

type Pay = (url: string, init?: RequestInit) => Promise<Response>;

/** A stranger's way to pay: as pages name it, and what its fee is by the table that holds where nobody wrote another. */
interface Way {
  readonly rail: string;
  readonly fee: string;
  readonly pay: Pay;
}

test('one price on every rail, on the pages of who is paid and of whose agent pays', async ({ page, browser }) => {
  const shop = await test.step('a provider sells a call on every rail', () => openRails(page));
  const ways = await waysToPay();
  const url = `${shop.apiUrl}/weather?city=Lisbon`;
  await test.step('strangers pay, each by another client', () => payByAll(ways, url));
  await test.step('the provider sees who was asked, and paid, on each rail', () => expectFunnel(page, ways));
  await test.step('each payment has the price, its fee and a signed receipt', () => expectPayments(page, ways));
  const own = await (await browser.newContext()).newPage();
  const customer = await joinProvider(own, shop);
  await subscribe(own, await overflowingPlan(shop.management));
  const agent = await addAgent(shop, customer.id, 'agent-alpha');
  await test.step('a key with quota left pays nothing more, whatever is beside it', () => callByQuota(url, agent));
  await test.step('then it is asked, and pays beside its key', () => payBeside(ways, url, agent));
  await test.step('a session pays beside it too', () => payBySession(url, agent));
  await test.step('its owner sees the payments, their price and receipts', () => expectOwners(own, ways));
  await test.step('and the channel with what is left of it', () => expectChannel(own));
  await test.step('the provider sees whose key was beside them', () => expectBeside(page));
});

async function openRails(page: Page): Promise<Shop> {
  const shop = await openShop(page);
  const { management, payTo } = shop;
  const { rpcUrl, chainId } = readLocal().tempo;
  const refundKey = generatePrivateKey();
  await openTempoLedger(rpcUrl).fund(privateKeyToAccount(refundKey).address, 5_000_000n);
  await done(management.POST('/wallets', { body: { network: `eip155:${chainId}`, payTo, refundKey } }));
  await done(management.POST('/stripe-accounts', { body: { profile: 'profile_rails', secretKey: STRIPE_KEY } }));
  const { items: apis } = await done(management.GET('/apis'));
  const params = { path: { apiId: apis[0]?.id ?? '' } };
  const { items: routes } = await done(management.GET('/apis/{apiId}/routes', { params }));
  const routeId = routes.find(({ operationId }) => operationId === 'getWeather')?.id ?? '';
  const body = { strangerPriceNanoUsd: `${PRICE}` };
  await done(management.PATCH('/routes/{routeId}', { params: { path: { routeId } }, body }));
  return shop;
}

/** A plan of one call, and of calls that are paid for one by one after it. Answers its name. */
async function overflowingPlan(management: Management): Promise<string> {
  const options = { name: 'calls', meters: ['requests'], limit: '1', period: 'month', onExhausted: 'overflow' };
  const policies = [{ type: 'quota', options, shadow: false }];
  return (await makePlan(management, { terms: { rateCards: [], policies } })).planKey;
}

async function waysToPay(): Promise<readonly Way[]> {
  const { chain, stripeDoubleUrl } = readLocal();
  const payers = mppxPayers(await loadMppx());
  const stranger = await newPayer(3_000_000n);
  const privateKey = generatePrivateKey();
  await openLedger(chain.rpcUrl).mint(privateKeyToAccount(privateKey).address, 3_000_000n);
  const byEvm = payers.evm({ privateKey, chainId: chain.chainId });
  const byStripe = payers.stripe({ url: stripeDoubleUrl, secretKey: STRIPE_KEY });
  return [
    { rail: 'x402', fee: '0.001 USD', pay: (url, init) => stranger.fetchV2(url, init) },
    { rail: 'MPP evm', fee: '0.001 USD', pay: (url, init) => byEvm.fetch(url, init) },
    { rail: 'MPP stripe', fee: '0.3145 USD', pay: (url, init) => byStripe.fetch(url, init) },
    { rail: 'MPP tempo', fee: 'None', pay: await byTempo(payers) },
  ];
}

async function byTempo(payers: MppxPayers): Promise<Pay> {
  const { rpcUrl } = readLocal().tempo;
  const client = payers.tempo({ privateKey: await fundedOnTempo(), rpcUrl });
  return (url, init) => client.fetch(url, init);
}

async function fundedOnTempo(): Promise<Hex> {
  const privateKey = generatePrivateKey();
  const ledger = openTempoLedger(readLocal().tempo.rpcUrl);
  await ledger.fund(privateKeyToAccount(privateKey).address, 20_000_000n);
  return privateKey;
}

async function payByAll(ways: readonly Way[], url: string, headers: Record<string, string> = {}): Promise<void> {
  for (const { rail, pay } of ways) {
    const response = await pay(url, { headers });
    expect([rail, response.status, response.headers.get('tollwright-cost-usd')]).toEqual([rail, 200, '0.50']);
  }
}

async function expectFunnel(page: Page, ways: readonly Way[]): Promise<void> {
  await openInConsole(page, 'Payments');
  const table = page.getByRole('table', { name: 'Payments by rail' });
  const paid = async () => {
    await page.reload();
    return table.getByRole('row').filter({ hasText: 'All rails' }).textContent({ timeout: 2_000 });
  };
  await expect.poll(paid, { timeout: INGESTED_MS_MAX }).toMatch(/^All rails402s4Shown4Paid4Served4/);
  for (const { rail } of ways) {
    const row = table.getByRole('row').filter({ has: page.getByText(rail, { exact: true }) });
    await expect(row).toContainText(PRICE_USD);
  }
  const steps = page.getByRole('list', { name: /^From 402 to answer/ }).locator('> li');
  for (const step of ['402 answered', 'Credential shown', 'Paid', 'Served']) {
    await expect(steps.filter({ hasText: step })).toContainText('4');
  }
}

async function expectPayments(page: Page, ways: readonly Way[]): Promise<void> {
  const tabs = page.getByRole('navigation', { name: 'Payments', exact: true });
  await tabs.getByRole('link', { name: 'All payments' }).click();
  const rows = page.getByRole('table', { name: 'Payments, newest first' }).locator('tbody').getByRole('row');
  await expect(rows).toHaveCount(ways.length);
  for (const [index, { rail, fee }] of [...ways].reverse().entries()) {
    await expect(rows.nth(index)).toContainText(PRICE_USD);
    await expect(rows.nth(index)).toContainText('Settled');
    await expect(rows.nth(index)).toContainText(fee);
    await rows.nth(index).getByRole('link').first().click();
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByRole('heading').first()).toContainText(PRICE_USD);
    await expect(sheet).toContainText(rail);
    await expectReceipt(page, sheet.getByRole('button', { name: 'Download signed receipt' }));
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
  }
}

/** Saves a receipt, and verifies it as whoever gets it can: by the key that its own name holds. */
async function expectReceipt(page: Page, button: Locator): Promise<Record<string, unknown>> {
  const download = page.waitForEvent('download');
  await button.click();
  const file = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
    readonly receipt: Record<string, unknown>;
    readonly signature: string;
  };
  const verified: unknown = await verifyReceiptSignatureJWS({ format: 'jws', signature: file.signature });
  expect(verified).toEqual(file.receipt);
  expect(file.receipt).toMatchObject({ priceUsd: '0.50', method: 'GET' });
  return file.receipt;
}

async function callByQuota(url: string, { key }: AgentWithKey): Promise<void> {
  const { fetchV2, balance } = await newPayer(1_000_000n);
  const response = await fetchV2(url, { headers: bearer(key) });
  expect([response.status, response.headers.get('payment-response'), await balance()]).toEqual([200, null, 1_000_000n]);
}

async function payBeside(ways: readonly Way[], url: string, { key }: AgentWithKey): Promise<void> {
  const asked = async () => (await fetch(url, { headers: bearer(key) })).status;
  await expect.poll(asked).toBe(402);
  await payByAll(ways, url, bearer(key));
}

async function payBySession(url: string, { key }: AgentWithKey): Promise<void> {
  const { rpcUrl } = readLocal().tempo;
  const session = mppxPayers(await loadMppx()).session({ privateKey: await fundedOnTempo(), rpcUrl }, '5');
  for (let call = 0; call < 2; call += 1) {
    const response = await session.fetch(url, { headers: bearer(key) });
    expect([response.status, response.headers.get('tollwright-cost-usd')]).toEqual([200, '0.50']);
  }
}

async function expectOwners(page: Page, ways: readonly Way[]): Promise<void> {
  await openInPortal(page, 'Agents');
  await page.getByRole('link', { name: 'agent-alpha' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('agent-alpha');
  const rows = page
    .getByRole('table', { name: 'Payments of this agent, newest first' })
    .locator('tbody')
    .getByRole('row');
  const count = async () => {
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('agent-alpha');
    return rows.filter({ hasText: PRICE_USD }).count();
  };
  // The session's two calls came last.
  await expect.poll(count, { timeout: INGESTED_MS_MAX }).toBe(ways.length + 2);
  for (const [index, { rail }] of [...ways].reverse().entries()) {
    const row = rows.nth(index + 2);
    await expect(row).toContainText(rail);
    await expect(row).toContainText('Paid');
    const receipt = await expectReceipt(page, row.getByRole('button', { name: 'Receipt' }));
    expect(receipt.agentId).toMatch(/^agt_/);
  }
}

async function expectChannel(page: Page): Promise<void> {
  const row = page
    .getByRole('table', { name: /^Payment channels of this agent/ })
    .locator('tbody')
    .getByRole('row');
  const shown = async () => {
    await page.reload();
    return (await row.textContent()) ?? '';
  };
  // The worker reads the deposit from the chain, and may have settled what was spent.
  await expect.poll(shown, { timeout: INGESTED_MS_MAX }).toMatch(/Open.*5\.00 USD.*1\.00 USD.*[01]\.00 USD.*4\.00 USD/);
}

async function expectBeside(page: Page): Promise<void> {
  await page.reload();
  const rows = page.getByRole('table', { name: 'Payments, newest first' }).locator('tbody').getByRole('row');
  await expect(rows.filter({ hasText: PRICE_USD })).toHaveCount(10);
  await rows.nth(2).getByRole('link').first().click();
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText('agent-alpha');
  await expect(sheet.getByRole('heading').first()).toContainText(PRICE_USD);
}
