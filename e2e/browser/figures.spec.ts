import { expect, type Page, test } from '@playwright/test';
import { bearer, type ChatRequest, chatBody } from '../agent-calls.ts';
import { done } from '../management.ts';
import { newPayer } from '../payer.ts';
import { USD } from '../subscriber.ts';
import { chartOf, figuresOf, gaugeOf } from './charts.ts';
import { type Customer, joinProvider } from './customer.ts';
import { closeOtherContexts } from './other-contexts.ts';
import { chargedBy, customerFigures, providerFigures } from './raw-figures.ts';
import { type AgentWithKey, addAgent, openShop, PRO_FEE_NANO_USD, type Shop, subscribeToPro } from './shop.ts';

const SEEN_MS_MAX = 5_000;

// A trace photographs three pages at every look, which costs more than the pages themselves and would be what is timed.
test.use({ trace: 'off' });

/** Everything a test needs to make calls and to look at them from both sides. */
interface Scene {
  readonly shop: Shop;
  readonly customer: Customer;
  readonly alpha: AgentWithKey;
  readonly beta: AgentWithKey;
}

test.afterEach(({ browser, context }) => closeOtherContexts(browser, context));

test('within five seconds both sides see the calls, to the last nano-dollar', async ({ page, browser }) => {
  const shop = await openShop(page);
  const own = await (await browser.newContext()).newPage();
  const customer = await joinProvider(own, shop);
  const scene = await furnish(shop, customer);
  const usage = await own.context().newPage();
  await page.goto(shop.consoleUrl);
  await own.goto(customer.url);
  await usage.goto(`${customer.url}/usage`);
  const { made, failed } = await test.step('agents and a stranger call', () => callAll(scene));
  await test.step('both sides see it', async () => {
    const startedAtMs = Date.now();
    await Promise.all([
      soon(() => expectProviderHome(page, scene, made, failed)),
      soon(() => expectOwnerHome(own, scene, made - 1)),
      soon(() => expectChart(usage, 'agent', 'day', customer)),
    ]);
    test.info().annotations.push({ type: 'ms until seen', description: String(Date.now() - startedAtMs) });
  });
  await test.step('the usage chart by model and by the hour', async () => {
    await usage.getByRole('link', { name: 'By model' }).click();
    await soon(() => expectChart(usage, 'model', 'day', customer));
    await usage.getByRole('link', { name: '24 hours' }).click();
    await soon(() => expectChart(usage, 'model', 'hour', customer));
  });
  await test.step('the table of a chart opens', async () => {
    await usage.getByText('Show as table').click();
    await expect(usage.getByRole('table', { name: 'Charged by model' })).toBeVisible();
  });
  await test.step('the budget bar of an agent', async () => {
    await usage.goto(`${customer.url}/agents/${scene.alpha.id}`);
    await soon(() => expectGauge(usage, scene, 'agent-alpha'));
  });
});

/** Repeats a look at a page and at the raw events until they agree, for as long as the product promises. */
function soon(look: () => Promise<void>): Promise<void> {
  return expect(look).toPass({ timeout: SEEN_MS_MAX, intervals: [500] });
}

async function furnish(shop: Shop, customer: Customer): Promise<Scene> {
  const { management } = shop;
  const customerId = customer.id;
  await subscribeToPro(shop, customerId);
  const alpha = await addAgent(shop, customerId, 'agent-alpha');
  const beta = await addAgent(shop, customerId, 'agent-beta');
  const limitNanoUsd = (5n * USD).toString();
  const budget = { customerId, subject: 'agent' as const, subjectId: alpha.id, limitNanoUsd, period: 'month' as const };
  await done(management.PUT('/budgets', { body: budget }));
  return { shop, customer, alpha, beta };
}

/** Two agents, two models, JSON and streams, a route without a model, a failure, and a stranger's payment. */
async function callAll({ shop, alpha, beta }: Scene): Promise<{ made: number; failed: number }> {
  const chat = (agent: AgentWithKey, request: ChatRequest, headers: Record<string, string> = {}) =>
    fetch(`${shop.apiUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...bearer(agent.key), 'content-type': 'application/json', ...headers },
      body: chatBody(request),
    });
  const answers = await Promise.all([
    chat(alpha, { max_tokens: 7 }),
    chat(alpha, { max_tokens: 11, stream: true, upstream: { chunkIntervalMs: 10 } }),
    chat(alpha, { max_tokens: 13, model: 'toll-large' }),
    chat(beta, { max_tokens: 17, model: 'toll-large' }),
    chat(beta, { max_tokens: 5 }, { 'x-upstream-status': '500' }),
    fetch(`${shop.apiUrl}/quotes/ACME`, { headers: bearer(beta.key) }),
    (await newPayer(1_000_000n)).fetchV2(`${shop.apiUrl}/weather`),
  ]);
  await Promise.all(answers.map((answer) => answer.text()));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 500, 200, 200]);
  return { made: answers.length, failed: 1 };
}

async function expectProviderHome(page: Page, { alpha }: Scene, made: number, failed: number): Promise<void> {
  const raw = await providerFigures(alpha.id);
  expect({ calls: raw.calls, errors: raw.errors, agents: raw.agents }).toEqual({
    calls: made,
    errors: failed,
    agents: 2,
  });
  expect(BigInt(raw.paidNanoUsd)).toBe(USD / 100n);
  const revenue = BigInt(raw.chargedByPlanNanoUsd) + BigInt(raw.paidNanoUsd) + PRO_FEE_NANO_USD;
  expect(await figuresOf(page, 'Figures of the')).toMatchObject({
    Revenue: revenue.toString(),
    Calls: String(raw.calls),
    'Active agents': String(raw.agents),
    'Paid per call': raw.paidNanoUsd,
    Errors: String(raw.errors),
  });
}

async function expectOwnerHome(page: Page, scene: Scene, made: number): Promise<void> {
  const raw = await customerFigures(scene.customer.id);
  expect({ calls: raw.calls, agents: raw.agents }).toEqual({ calls: made, agents: 2 });
  expect(await figuresOf(page, 'This month')).toMatchObject({
    'Charged for calls': raw.chargedNanoUsd,
    'Plan fee': PRO_FEE_NANO_USD.toString(),
    Calls: String(raw.calls),
    'Active agents': String(raw.agents),
  });
  await expectGauge(page, scene, 'agent-alpha');
  await expectChart(page, 'agent', 'day', scene.customer);
}

async function expectGauge(page: Page, { alpha, customer }: Scene, name: string): Promise<void> {
  const byAgent = await chargedBy(customer.id, 'agent', 'day');
  const spent = byAgent.get(alpha.name)?.totalNanoUsd;
  expect(BigInt(spent ?? 0)).toBeGreaterThan(0n);
  expect(await gaugeOf(page, `Budget of ${name}`)).toEqual({ spent, held: '0', limit: (5n * USD).toString() });
}

async function expectChart(
  page: Page,
  by: 'agent' | 'model',
  bucket: 'day' | 'hour',
  customer: Customer,
): Promise<void> {
  const raw = await chargedBy(customer.id, by, bucket);
  const chart = await chartOf(page, `Charged by ${by}`);
  expect(raw.size).toBeGreaterThan(1);
  expect(chart?.totals).toEqual(Object.fromEntries([...raw].map(([name, { totalNanoUsd }]) => [name, totalNanoUsd])));
  for (const [name, { buckets }] of raw) expect(chart?.buckets.get(name)).toEqual(buckets);
  const total = [...raw.values()].reduce((sum, { totalNanoUsd }) => sum + BigInt(totalNanoUsd), 0n);
  expect(chart?.total, 'the total of the chart').toBe(total.toString());
}
