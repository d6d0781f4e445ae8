import { expect, type Page, test } from '@playwright/test';
import { loadMppx, mppxPayers, openTempoLedger } from '@tollwright/testing';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { bearer, chatBody } from '../agent-calls.ts';
import { readLocal } from '../local.ts';
import { done, type Management } from '../management.ts';
import { makePlan, perCall, USD } from '../subscriber.ts';
import { type Customer, joinProvider, openInPortal, subscribe } from './customer.ts';
import { region } from './facts.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { openInConsole } from './provider.ts';
import { addAgent, openShop, type Shop } from './shop.ts';

/** Of a call, in units of the token and in dollars. */
const PRICE_ATOMIC = 10_000n;
const CALLS = 3;
const WORKER_MS_MAX = 60_000;

test.afterEach(({ browser, context }) => closeOtherContexts(browser, context));

test('people close a channel, approve a payment, and save a card that tops credit up', async ({ page, browser }) => {
  const shop = await test.step('a provider sells, also by sessions and from credit', () => openMoneyShop(page));
  const payer = await test.step('a stranger pays by vouchers', () => payBySession(shop));
  await test.step('the provider closes the channel', () => closeChannel(page, shop, payer));
  const own = await (await browser.newContext()).newPage();
  const customer = await joinProvider(own, shop);
  await subscribe(own, shop.prepaidPlan);
  await test.step('an agent asks to pay, and its owner approves it', () => approve(own, shop, customer));
  await test.step('the owner saves a card and has it top the credit up', () => topUp(own));
  await test.step('the provider stops that', () => stopTopUp(page, customer));
});

async function openMoneyShop(page: Page): Promise<Shop & { readonly prepaidPlan: string }> {
  const shop = await openShop(page);
  const { management } = shop;
  const { rpcUrl, chainId } = readLocal().tempo;
  const refundKey = generatePrivateKey();
  await openTempoLedger(rpcUrl).fund(privateKeyToAccount(refundKey).address, 5_000_000n);
  const { payTo } = shop;
  await done(management.POST('/wallets', { body: { network: `eip155:${chainId}`, payTo, refundKey } }));
  const secretKey = 'sk_live_double_of_the_stories';
  await done(management.POST('/stripe-accounts', { body: { profile: 'profile_stories', secretKey } }));
  const pack = { key: 'starter', name: 'Starter', priceNanoUsd: `${5n * USD}`, creditNanoUsd: `${6n * USD}` };
  const terms = { rateCards: [perCall('0.01')], prepaid: { packs: [pack] } };
  const { planKey: prepaidPlan } = await makePlan(management, { terms });
  return { ...shop, prepaidPlan };
}

/** Answers the address of who paid. */
async function payBySession({ apiUrl }: Shop): Promise<`0x${string}`> {
  const { rpcUrl } = readLocal().tempo;
  const privateKey = generatePrivateKey();
  const { address } = privateKeyToAccount(privateKey);
  await openTempoLedger(rpcUrl).fund(address, 20_000_000n);
  const session = mppxPayers(await loadMppx()).session({ privateKey, rpcUrl }, '5');
  const headers = { 'content-type': 'application/json' };
  for (let call = 0; call < CALLS; call += 1) {
    const init = { method: 'POST', headers, body: chatBody({ max_tokens: 4 }) };
    expect((await session.fetch(`${apiUrl}/v1/chat/completions`, init)).status).toBe(200);
  }
  return address;
}

async function closeChannel(page: Page, { payTo }: Shop, payer: `0x${string}`): Promise<void> {
  const ledger = openTempoLedger(readLocal().tempo.rpcUrl);
  const left = await ledger.balanceOf(payer);
  await openInConsole(page, 'Payments');
  const tabs = page.getByRole('navigation', { name: 'Payments', exact: true });
  await tabs.getByRole('link', { name: 'Channels' }).click();
  const row = page.getByRole('table', { name: 'Payment channels, those used last first' }).getByRole('row').nth(1);
  await expect(row).toContainText('Open');
  await row.getByRole('link', { name: 'Payments' }).click();
  await expect(page.getByText(`${CALLS} payments on this page`)).toBeVisible();
  await tabs.getByRole('link', { name: 'Channels' }).click();
  await row.getByRole('button', { name: /^Close/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close channel' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  const state = async () => {
    await page.reload();
    return (await row.textContent()) ?? '';
  };
  await expect.poll(state, { timeout: WORKER_MS_MAX }).toContain('Closed');
  await expect(row.getByRole('button', { name: /^Close/ })).toBeHidden();
  // What the worker had not yet settled came by the end of the channel, and the rest of the deposit went back.
  expect(await ledger.balanceOf(payTo)).toBe(BigInt(CALLS) * PRICE_ATOMIC);
  expect((await ledger.balanceOf(payer)) - left).toBeGreaterThan(0n);
}

async function approve(page: Page, shop: Shop, customer: Customer): Promise<void> {
  const { management, apiUrl } = shop;
  const navigation = page.getByRole('navigation', { name: shop.name });
  await expect(navigation.getByRole('link', { name: 'Approvals' })).toBeHidden();
  await needApprovals(management);
  const agent = await addAgent(shop, customer.id, 'agent-alpha');
  const call = async () => (await fetch(`${apiUrl}/weather?city=Lisbon`, { headers: bearer(agent.key) })).status;
  await expect.poll(call).toBe(403);
  const count = async () => {
    await page.reload();
    return navigation.getByRole('link', { name: /^Approvals/ }).textContent();
  };
  await expect.poll(count, { timeout: WORKER_MS_MAX }).toBe('Approvals1 waits for you');
  await navigation.getByRole('link', { name: /^Approvals/ }).click();
  const row = page.getByRole('table', { name: 'Approvals' }).getByRole('row').filter({ hasText: 'agent-alpha' });
  await expect(row).toContainText('Waits for you');
  await row.getByRole('button', { name: /^Approve/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve payment' }).click();
  await expect(row).toContainText('Approved once');
  await expect(navigation.getByRole('link', { name: 'Approvals', exact: true })).toBeVisible();
  // It may pay now, and is asked to.
  await expect.poll(call).toBe(402);
}

/** Of the weather, above half of its price. */
async function needApprovals(management: Management): Promise<void> {
  const { items: apis } = await done(management.GET('/apis'));
  const params = { path: { apiId: apis[0]?.id ?? '' } };
  const { items: routes } = await done(management.GET('/apis/{apiId}/routes', { params }));
  const routeId = routes.find(({ operationId }) => operationId === 'getWeather')?.id ?? '';
  const body = { stepUpAboveNanoUsd: `${USD / 200n}`, stepUpNeeds: 'owner-approval' as const };
  await done(management.PATCH('/routes/{routeId}', { params: { path: { routeId } }, body }));
}

async function topUp(page: Page): Promise<void> {
  await openInPortal(page, 'Plan & billing');
  const part = region(page, 'Automatic top-up');
  await part.getByRole('button', { name: 'Save card' }).click();
  await expect(page).toHaveURL(/\/pay\/cs_/);
  await page.getByRole('button').first().click();
  await expect(part).toContainText('Visa ending in 4242');
  await part.getByLabel('When it falls below').fill('1');
  await part.getByLabel('Amount').fill('5');
  await part.getByLabel('At most a month').fill('20');
  await part.getByRole('button', { name: 'Set top-up' }).click();
  await expect(part.getByRole('table', { name: 'Rules' })).toContainText('On');
}

async function stopTopUp(page: Page, { id, name }: Customer): Promise<void> {
  await page.goto(`${page.url().split('/payments')[0]}/customers/${id}?tab=plan`);
  const part = region(page, 'Automatic top-up');
  await part.getByRole('button', { name: /^Stop/ }).click();
  const dialog = page.getByRole('dialog', { name: `Stop topping up ${name}?` });
  await dialog.getByRole('button', { name: 'Stop top-up' }).click();
  await expect(part.getByRole('table', { name: 'Rules' })).toContainText('Paused by the provider');
  await expect(part.getByRole('button', { name: /^Stop/ })).toBeHidden();
}
