import { expect, type Locator, type Page, test } from '@playwright/test';
import { bearer, type ChatRequest, chatBody, problemOf } from '../agent-calls.ts';
import { eventually } from '../eventually.ts';
import { done } from '../management.ts';
import { freshName } from '../subscriber.ts';
import { publish } from './plan-editor.ts';
import {
  addPolicy,
  openApiPolicies,
  openRoutePolicies,
  policyLine,
  removePolicy,
  startPolicy,
} from './policy-forms.ts';
import { openInConsole } from './provider.ts';
import { type AgentWithKey, addAgent, openShop, type Shop, subscribeToPro } from './shop.ts';

const FELT_MS_MAX = 2_000;

/** A shop with a customer on Pro, whose agent calls. */
interface Market {
  readonly shop: Shop;
  readonly customerId: string;
  readonly agent: AgentWithKey;
}

/** How a policy is typed and what callers feel of it. `name` is what its line is called. */
interface Story {
  readonly title: string;
  readonly name?: string;
  readonly fill: (form: Locator) => Promise<unknown>;
  readonly feel: (market: Market) => Promise<unknown>;
}

const STORIES: readonly Story[] = [
  {
    title: 'API key',
    fill: (form) => form.getByLabel('Headers').fill('x-shop-key'),
    feel: ({ shop, agent }) => felt('a key in its own header', 200, () => quote(shop, { 'x-shop-key': agent.key })),
  },
  {
    title: 'IP filter',
    fill: (form) => form.getByLabel('Deny').fill('127.0.0.1\n::1'),
    feel: (market) => refused(market, 403, 'forbidden'),
  },
  {
    title: 'Request size',
    fill: (form) => form.getByLabel('Bytes max').fill('10'),
    feel: (market) => refused(market, 413, 'body-too-large'),
  },
  {
    title: 'Scopes',
    fill: (form) => form.getByLabel('Scopes').fill('chat:write'),
    feel: async (market) => {
      expect(await refused(market, 403, 'missing-scope')).toMatchObject({ missing: ['chat:write'] });
      const key = await newKey(market, { scopes: ['chat:write'] });
      expect((await chat(market.shop, key)).status).toBe(200);
    },
  },
  {
    title: 'Monetization',
    fill: (form) => form.getByLabel('Requires').fill('vision'),
    feel: async (market) => expect(await refused(market, 403, 'not-entitled')).toMatchObject({ missing: ['vision'] }),
  },
  {
    title: 'Headers',
    fill: async (form) => {
      await form.getByRole('button', { name: 'Add a line to Set response' }).click();
      await form.getByLabel('Name 1 of Set response').fill('x-sold-to');
      await form.getByLabel('Value 1 of Set response').fill('{customer}');
    },
    feel: ({ shop, agent, customerId }) =>
      eventually('the answer has the header', FELT_MS_MAX, async () => {
        const answer = await chat(shop, agent.key);
        return answer.headers.get('x-sold-to') === customerId ? true : null;
      }),
  },
  {
    title: 'Model guard',
    fill: (form) => form.getByLabel('Models').fill('toll-large\nother-*'),
    feel: async (market) => {
      await refused(market, 403, 'model-not-allowed');
      expect((await chat(market.shop, market.agent.key, { model: 'toll-large' })).status).toBe(200);
    },
  },
  {
    title: 'Concurrency',
    name: 'Concurrency default',
    fill: (form) => form.getByLabel('Limit', { exact: true }).fill('1'),
    feel: ({ shop, agent }) =>
      eventually('one of two calls at once is refused', FELT_MS_MAX * 2, async () => {
        const slow = { stream: true, upstream: { chunks: 3, chunkIntervalMs: 200 } };
        const answers = await Promise.all([chat(shop, agent.key, slow), chat(shop, agent.key, slow)]);
        const statuses = answers.map(({ status }) => status).sort();
        for (const answer of answers) await answer.text();
        return statuses.join() === '200,429' ? true : null;
      }),
  },
  {
    title: 'Rate limit',
    name: 'Rate limit burst',
    fill: async (form) => {
      await form.getByLabel('Name', { exact: true }).fill('burst');
      await form.getByLabel('Limit', { exact: true }).fill('3');
      await form.getByLabel('Window seconds').fill('3600');
      await form.getByLabel('By', { exact: true }).selectOption('Key');
    },
    feel: async (market) =>
      expect(await refused(market, 429, 'rate-limited')).toMatchObject({ exhausted: 'burst', limit: '3' }),
  },
  {
    title: 'Counters',
    name: 'Counters default',
    fill: async (form) => {
      await form.getByRole('button', { name: 'Add an entry to Counters' }).click();
      const counter = form.getByRole('group', { name: 'Counters', exact: true });
      await counter.getByLabel('Name').fill('tokens');
      await counter.getByLabel('Counts').selectOption('Total tokens');
      await counter.getByLabel('Limit').fill('1');
      await counter.getByLabel('Period').selectOption('Day');
    },
    feel: async (market) =>
      expect(await refused(market, 429, 'rate-limited')).toMatchObject({ exhausted: 'tokens', limit: '1' }),
  },
  {
    title: 'Quota',
    name: 'Quota units',
    fill: async (form) => {
      await form.getByLabel('Meters').fill('input_tokens\noutput_tokens');
      await form.getByLabel('Limit', { exact: true }).fill('30');
    },
    feel: async (market) =>
      expect(await refused(market, 429, 'quota-exhausted')).toMatchObject({ exhausted: 'units', limit: '30' }),
  },
  {
    title: 'Budgets',
    fill: (form) => form.getByLabel('Output tokens min').fill('1000'),
    feel: async (market) => {
      // Affords some hundred output tokens: by itself the call is lowered to them and served.
      const key = await newKey(market, { budget: { limitNanoUsd: '500000', period: 'month' } });
      const answer = await felt('a cap that low', 429, () => chat(market.shop, key));
      expect((await problemOf(answer)).slug).toBe('budget-exhausted');
      expect((await chat(market.shop, key, { max_tokens: 50 })).status).toBe(200);
    },
  },
];

test('every policy that is set by its form is felt at the gateway, and no more when it is removed', async ({
  page,
}) => {
  const market = await test.step('opens a shop with a customer', () => openMarket(page));
  await openApiPolicies(page, 'Chat');
  await test.step('what the server refuses stands at its field', () => expectRefusedForm(page));
  for (const { title, name = title, fill, feel } of STORIES) {
    await test.step(title, async () => {
      await addPolicy(page, title, fill);
      await feel(market);
      await removePolicy(page, name);
      await felt('calls as before', 200, () => chat(market.shop, market.agent.key));
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

function chat({ apiUrl }: Shop, key: string, request: ChatRequest = {}): Promise<Response> {
  return fetch(`${apiUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: chatBody(request),
  });
}

function quote({ apiUrl }: Shop, headers: Record<string, string>): Promise<Response> {
  return fetch(`${apiUrl}/quotes/ACME`, { headers });
}

/** Calls until the answer has the status: a change is in force within a second, and limits have to be used up. */
function felt(what: string, status: number, call: () => Promise<Response>): Promise<Response> {
  return eventually(`${what} is answered ${status}`, FELT_MS_MAX, async () => {
    const answer = await call();
    return answer.status === status ? answer : null;
  });
}

/** The problem that the agent's chat calls are refused with. */
async function refused({ shop, agent }: Market, status: number, slug: string): Promise<Record<string, unknown>> {
  const problem = await problemOf(await felt(slug, status, () => chat(shop, agent.key)));
  expect(problem.slug).toBe(slug);
  return problem;
}

async function newKey(
  { shop, customerId, agent }: Market,
  given: { scopes?: string[]; budget?: { limitNanoUsd: string; period: 'month' } },
): Promise<string> {
  const body = { customerId, agentId: agent.id, name: freshName('key'), ...given };
  return (await done(shop.management.POST('/keys', { body }))).key;
}
