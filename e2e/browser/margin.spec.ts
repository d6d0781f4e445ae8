import { expect, type Page, test } from '@playwright/test';
import { bearer, chatBody } from '../agent-calls.ts';
import { query } from '../database.ts';
import { done } from '../management.ts';
import { freshName } from '../subscriber.ts';
import { chartOf } from './charts.ts';
import { region } from './facts.ts';
import { openInConsole } from './provider.ts';
import { type AgentWithKey, addAgent, openShop, type Shop, subscribeToPro } from './shop.ts';

const SEEN_MS_MAX = 60_000;
const HEAD = 'model,input_usd_per_million,output_usd_per_million';
/** Pro charges 1 and 2 dollars: the one leaves something, the other costs more than it brings in. */
const COSTS = `${HEAD}\ntoll-small,0.5,1\ntoll-large,5,20`;

test('a provider says what calls cost, and sees what is left of each model, and which calls lost', async ({ page }) => {
  const shop = await openShop(page);
  await test.step('says what models cost, after a line that is wrong was named', () => setCosts(page));
  const agent = await test.step('an agent calls', () => callAll(shop));
  await test.step('margin is what calls were charged without what they cost', () => expectMargin(page, agent));
  await test.step('the chart has the same sums', () => expectChart(page, agent));
  await test.step('a call at a loss opens', () => openLoss(page));
});

async function setCosts(page: Page): Promise<void> {
  await openInConsole(page, 'Margin');
  await page.getByRole('link', { name: 'Set costs' }).first().click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Model costs').fill(`${HEAD}\ntoll-small,0.5,1\ntoll-large,5,twenty`);
  await sheet.getByRole('button', { name: 'Save costs' }).click();
  await expect(sheet).toContainText('Line 3: output_usd_per_million must be a decimal');
  await sheet
    .getByLabel('Import a file')
    .setInputFiles({ name: 'costs.csv', mimeType: 'text/csv', buffer: Buffer.from(COSTS) });
  await expect(sheet.getByLabel('Model costs')).toHaveValue(COSTS);
  await sheet.getByRole('button', { name: 'Save costs' }).click();
  await expect(sheet).toBeHidden();
  const prices = region(page, 'Model costs: Every API').getByRole('row', { name: /^toll-large/ });
  await expect(prices).toContainText('20 USD');
  await expect(page.getByRole('table', { name: 'Cost tables, newest first' })).toContainText('In force');
}

async function callAll(shop: Shop): Promise<AgentWithKey> {
  const { id: customerId } = await done(shop.management.POST('/customers', { body: { name: freshName('buyer') } }));
  await subscribeToPro(shop, customerId);
  const agent = await addAgent(shop, customerId, 'agent-alpha');
  for (const model of ['toll-small', 'toll-large', 'toll-small', 'gpt-4o-mini']) {
    const answer = await fetch(`${shop.apiUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...bearer(agent.key), 'content-type': 'application/json' },
      body: chatBody({ model, max_tokens: 9 }),
    });
    expect(answer.status).toBe(200);
  }
  return agent;
}

interface Sums {
  readonly model: string;
  readonly calls: string;
  readonly revenue: string;
  /** From the tokens of the events and the prices above; null for the model that none lists. */
  readonly cost: string | null;
}

function sumsOf(agent: AgentWithKey): Promise<Sums[]> {
  return query<Sums>(
    `SELECT model, count(*)::text AS calls, sum(charged_nano_usd)::text AS revenue, sum(CASE model
        WHEN 'toll-small' THEN 500 * input_tokens + 1000 * output_tokens
        WHEN 'toll-large' THEN 5000 * input_tokens + 20000 * output_tokens END)::text AS cost
      FROM usage_event WHERE agent_id = $1 GROUP BY model ORDER BY model`,
    [agent.id],
  );
}

async function expectMargin(page: Page, agent: AgentWithKey): Promise<void> {
  await page.getByRole('link', { name: 'Over time' }).click();
  await expect(page.getByRole('link', { name: '7 days' })).toBeVisible();
  const table = page.getByRole('table', { name: 'Margin by model' });
  await expect(async () => {
    await page.reload();
    await expect(table.getByRole('row')).toHaveCount(5, { timeout: 5_000 });
    const sums = await sumsOf(agent);
    expect(sums.map(({ model, calls }) => [model, calls])).toEqual([
      ['gpt-4o-mini', '1'],
      ['toll-large', '1'],
      ['toll-small', '2'],
    ]);
    for (const { model, revenue, cost } of sums) {
      const shown = await exactIn(page, model);
      const margin = cost === null ? null : BigInt(revenue) - BigInt(cost);
      expect(shown).toEqual(cost === null ? [revenue] : [revenue, cost, `${margin}`]);
    }
  }).toPass({ timeout: SEEN_MS_MAX });
  await expect(table.getByRole('row', { name: /^gpt-4o-mini/ })).toContainText('Not known');
  await expect(page.getByRole('note')).toContainText('The cost of 1 call of 4 is not known');
}

/** The amounts of a model's row, in nano-dollars. */
function exactIn(page: Page, model: string): Promise<string[]> {
  return page
    .getByRole('table', { name: 'Margin by model' })
    .getByRole('row', { name: new RegExp(`^${model}`) })
    .locator('[data-unit="nano-usd"]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-exact') ?? ''));
}

async function expectChart(page: Page, agent: AgentWithKey): Promise<void> {
  const sums = await sumsOf(agent);
  const revenue = sums.reduce((sum, one) => sum + BigInt(one.revenue), 0n);
  const known = sums.filter(({ cost }) => cost !== null);
  const cost = known.reduce((sum, one) => sum + BigInt(one.cost ?? 0), 0n);
  const margin = known.reduce((sum, one) => sum + BigInt(one.revenue), 0n) - cost;
  expect(margin).toBeLessThan(0n);
  // Chart and losses were asked for beside the table, maybe a moment before the last event came.
  await page.reload();
  await expect(async () => {
    const chart = await chartOf(page, 'Revenue and losses');
    expect(chart?.total).toBe(`${revenue - margin}`);
    expect(chart?.totals).toMatchObject({ Loss: `${-margin}` });
  }).toPass({ timeout: SEEN_MS_MAX });
}

async function openLoss(page: Page): Promise<void> {
  const losses = page.getByRole('table', { name: 'Calls at a loss, the worst first' });
  await expect(losses.getByRole('row')).toHaveCount(2);
  await expect(losses).toContainText('toll-large');
  await losses.getByRole('link').first().click();
  await expect(page.getByRole('dialog')).toContainText('toll-large');
}
