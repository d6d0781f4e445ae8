import { expect, type Page, test } from '@playwright/test';
import { problemOf } from '../agent-calls.ts';
import { eventually } from '../eventually.ts';
import { done } from '../management.ts';
import { freshName } from '../subscriber.ts';
import { publish } from './plan-editor.ts';
import { chat, FELT_MS_MAX, felt, type Market, refused } from './policy-calls.ts';
import {
  addPolicy,
  openApiPolicies,
  openRoutePolicies,
  policyLine,
  removePolicy,
  startPolicy,
} from './policy-forms.ts';
import { STORIES } from './policy-stories.ts';
import { openInConsole } from './provider.ts';
import { addAgent, openShop, subscribeToPro } from './shop.ts';

test('every policy that is set by its form is felt at the gateway, and no more when it is removed', async ({
  page,
}) => {
  const market = await test.step('opens a shop with a customer', () => openMarket(page));
  await openApiPolicies(page, 'Chat');
  await test.step('what the server refuses stands at its field', () => expectRefusedForm(page));
  for (const { title, name = title, fill, feel, after } of STORIES) {
    await test.step(title, async () => {
      await addPolicy(page, title, fill);
      await feel(market);
      await removePolicy(page, name);
      await after(market);
    });
  }
  await test.step('in shadow mode it is noted and refuses nothing', () => expectShadow(page, market));
  await test.step('on a route: request validation', () => expectValidation(page, market));
  await test.step('on a plan, when its version is published', () => expectPlanPolicy(page, market));
});

async function openMarket(page: Page): Promise<Market> {
  const shop = await openShop(page);
  const { id: customerId } = await done(shop.management.POST('/customers', { body: { name: freshName('customer') } }));
  await subscribeToPro(shop, customerId);
  await done(
    shop.management.POST('/features', { body: { key: 'vision', name: 'Vision', meterSlugs: ['input_tokens'] } }),
  );
  const agent = await addAgent(shop, customerId, 'agent-alpha');
  expect((await chat(shop, agent.key)).status).toBe(200);
  return { shop, customerId, agent };
}

async function expectRefusedForm(page: Page): Promise<void> {
  const form = await startPolicy(page, 'Scopes');
  await form.getByLabel('Scopes').fill('chat:write\nno word');
  await form.getByRole('button', { name: 'Save policy' }).click();
  await expect(form.getByText('Line 2: must be a word such as chat:write.')).toBeVisible();
  await form.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText('None is set here.')).toBeVisible();
}

async function expectShadow(page: Page, { shop, agent }: Market): Promise<void> {
  await addPolicy(page, 'Rate limit', async (form) => {
    await form.getByLabel('Limit', { exact: true }).fill('1');
    await form.getByLabel('Shadow mode').check();
  });
  await expect(policyLine(page, 'Rate limit')).toContainText('Shadow');
  await eventually('the answer says what a policy would have refused', FELT_MS_MAX, async () => {
    const answer = await chat(shop, agent.key);
    expect(answer.status).toBe(200);
    return answer.headers.get('tollwright-shadow') === '1' ? true : null;
  });
  await removePolicy(page, 'Rate limit default');
}

async function expectValidation(page: Page, { shop, agent }: Market): Promise<void> {
  await openRoutePolicies(page, 'Chat', '/v1/chat/completions');
  await addPolicy(page, 'Request validation', async () => {});
  const wrong = { messages: [], max_tokens: 0, model: 7 };
  const answer = await felt('a body that the document does not describe', 422, () => chat(shop, agent.key, wrong));
  const { slug, errors } = await problemOf(answer);
  const paths = (errors as { path: string }[]).map(({ path }) => path).sort();
  expect([slug, paths]).toEqual(['invalid-input', ['max_tokens', 'messages', 'model']]);
  expect((await chat(shop, agent.key)).status).toBe(200);
}

async function expectPlanPolicy(page: Page, market: Market): Promise<void> {
  const { shop, customerId } = market;
  await page.goto(shop.consoleUrl);
  await openInConsole(page, 'Plans');
  await page.getByRole('link', { name: 'Pro', exact: true }).click();
  await page.getByRole('button', { name: 'Start version 2' }).click();
  await addPolicy(page, 'Model guard', (form) => form.getByLabel('Models').fill('toll-large'));
  await publish(page, 2, 'New subscribers get it. The one subscriber stays on their version until moved.');
  await expect(policyLine(page, 'Model guard')).toContainText('Models toll-large');
  expect((await chat(shop, market.agent.key)).status).toBe(200);
  const { items } = await done(shop.management.GET('/plans'));
  const planVersionId = items.flatMap(({ versions }) => versions).find(({ version }) => version === 2)?.id ?? '';
  await done(shop.management.POST('/subscriptions/move', { body: { customerId, planVersionId } }));
  await refused(market, 403, 'model-not-allowed');
}
