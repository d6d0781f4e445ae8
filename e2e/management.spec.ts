import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { bearer, problemOf } from './agent-calls.ts';
import { query, rawFigures } from './database.ts';
import { eventually } from './eventually.ts';
import { keyChecksum } from './key-checksum.ts';
import { readLocal } from './local.ts';
import { done, refused } from './management.ts';
import { fromBase64, type PaymentRequired } from './payer.ts';
import { type NewProvider, newOwner, newProvider, type Tenant } from './people.ts';
import { perCall, type Terms, termsOf, USD } from './subscriber.ts';
import { upstreamCredential } from './upstream.ts';

const SEEN_MS_MAX = 30_000;
const STRANGER_PRICE_NANO_USD = '10000000';
const BUDGET_NANO_USD = (5n * USD).toString();
const MODEL = 'toll-large';
const groupBy = { model: '$.model', route: '$.route' };

// One story in order, as a client without a browser lives it: each test goes on where the one before ended.
test.describe.configure({ mode: 'serial' });

let provider: NewProvider;
let owner: Tenant;
let api: { id: string; baseUrl: string };
let routes: Map<string, string>;
const versions: Record<string, { planId: string; versionId: string }> = {};
let agentId: string;
let key: { id: string; key: string };

test.beforeAll(async () => {
  provider = await newProvider('story');
  owner = await newOwner(provider, 'owner');
});

test('the provider adds an API from a document: its operations are routes, its credential is write-only', async () => {
  const { upstreamUrl } = readLocal();
  const { management } = provider;
  const source = { kind: 'url' as const, url: `${upstreamUrl}/openapi.json` };
  const shown = await done(management.POST('/apis/preview', { body: { source } }));
  const credential = { header: 'Authorization', value: upstreamCredential() };
  const body = { slug: 'llm', name: 'LLM', source, upstreamBaseUrl: upstreamUrl, upstreamCredential: credential };
  const made = await done(management.POST('/apis', { body }));
  expect(made.upstreamCredential).toEqual({ header: 'Authorization' });
  api = made;
  const path = { apiId: made.id };
  const listed = await done(management.GET('/apis/{apiId}/routes', { params: { path } }));
  expect(listed.items.map((route) => route.operationId).sort()).toEqual(
    shown.operations.map((operation) => operation.operationId).sort(),
  );
  routes = new Map(listed.items.map((route) => [route.operationId, route.id]));
  const everything = JSON.stringify(await done(management.GET('/apis/{apiId}', { params: { path } })));
  expect(everything).not.toContain(credential.value);
});

test('chooses the preset extractor, tried on a pasted answer, and defines meters and a feature', async () => {
  const { management } = provider;
  const rule = { kind: 'openai' as const };
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
  const answer = JSON.stringify({ object: 'chat.completion', model: MODEL, choices: [], usage });
  const tried = await done(management.POST('/extractors/test', { body: { rule, answer } }));
  const fields = { model: MODEL, input_tokens: 11, output_tokens: 7, total_tokens: 18 };
  expect(tried).toMatchObject({ kind: 'extracted', complete: true, fields });
  const without = await done(management.POST('/extractors/test', { body: { rule, answer: '{"choices":[]}' } }));
  expect(without).toMatchObject({ kind: 'extracted', complete: false });
  const broken = await done(management.POST('/extractors/test', { body: { rule, answer: '<html>' } }));
  expect(broken.kind).toBe('unreadable');
  const extractor = await done(management.POST('/extractors', { body: { name: 'OpenAI', rule } }));
  const routeId = routeOf('createChatCompletion');
  const body = { extractorId: extractor.id };
  await done(management.PATCH('/routes/{routeId}', { params: { path: { routeId } }, body }));
  const counted = { slug: 'requests', name: 'Requests', aggregation: 'COUNT' as const, valueProperty: null };
  const summed = ['input_tokens', 'output_tokens'].map((slug) => {
    return { slug, name: slug, aggregation: 'SUM' as const, valueProperty: `$.${slug}` };
  });
  for (const meter of [counted, ...summed]) {
    await done(management.POST('/meters', { body: { ...meter, eventType: 'request', groupBy } }));
  }
  const meterSlugs = ['input_tokens', 'output_tokens'];
  await done(management.POST('/features', { body: { key: 'tokens', name: 'Tokens', meterSlugs } }));
  const meters = await done(management.GET('/meters'));
  expect(meters.map((meter) => meter.slug).sort()).toEqual(['input_tokens', 'output_tokens', 'requests']);
});

test('publishes Free, Pro and a private Enterprise; what is published never changes', async () => {
  const elsewhere = await newOwner(provider, 'elsewhere');
  await publish('free', { ...FREE });
  await publish('pro', { ...PRO });
  await publish('enterprise', { ...PRO, rateLimit: { limit: 6_000, windowSeconds: 60 } }, elsewhere.id);
  const { management } = provider;
  const path = { planVersionId: versionOf('pro').versionId };
  const changed = management.PUT('/plan-versions/{planVersionId}/terms', { params: { path }, body: { terms: FREE } });
  expect(await refused(changed)).toMatchObject({ status: 409, slug: 'version-published' });
  const again = management.POST('/plan-versions/{planVersionId}/publish', { params: { path } });
  expect(await refused(again)).toMatchObject({ status: 409, slug: 'version-published' });
  const sql = query("UPDATE plan_version SET terms = '{}' WHERE id = $1", [path.planVersionId]);
  await expect(sql).rejects.toThrow(/never changes/);
});

test('prices a GET route and the chat route for strangers, paid to a wallet', async () => {
  const { management } = provider;
  const { payTo } = readLocal().chain;
  await done(management.POST('/wallets', { body: { network: 'eip155:84532', payTo } }));
  const body = { strangerPriceNanoUsd: STRANGER_PRICE_NANO_USD };
  for (const operation of ['getWeather', 'createChatCompletion']) {
    const path = { routeId: routeOf(operation) };
    await done(management.PATCH('/routes/{routeId}', { params: { path }, body }));
  }
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: chatBody() };
  // The last change is in force, and with it those before.
  await expect.poll(async () => (await fetch(`${api.baseUrl}/v1/chat/completions`, post)).status).toBe(402);
  const unpaid = await fetch(`${api.baseUrl}/weather?city=Lisbon`);
  expect(unpaid.status).toBe(402);
  const { accepts } = fromBase64<PaymentRequired>(unpaid.headers.get('payment-required'));
  const offered = { amount: '10000', payTo, network: 'eip155:84532' };
  expect(accepts).toMatchObject([
    { scheme: 'exact', ...offered },
    { scheme: 'upto', ...offered },
  ]);
  const unpriced = await fetch(`${api.baseUrl}/quotes/ACME`);
  expect([unpriced.status, (await problemOf(unpriced)).slug]).toEqual([401, 'invalid-key']);
});

test('the owner sees the public plans, subscribes to one, and not to what is private to another', async () => {
  const { management } = owner;
  const { items } = await done(management.GET('/visible-plans'));
  expect(items.map((plan) => plan.key).sort()).toEqual(['free', 'pro']);
  const hidden = management.POST('/subscriptions', { body: { planId: versionOf('enterprise').planId } });
  expect(await refused(hidden)).toMatchObject({ status: 404, slug: 'not-found' });
  const body = { planId: versionOf('pro').planId };
  const subscription = await done(management.POST('/subscriptions', { body }));
  expect(subscription).toMatchObject({ status: 'active', planVersionId: versionOf('pro').versionId, version: 1 });
});

test('makes agent-alpha with a budget of 5 USD a month and a key that is shown once', async () => {
  const { management } = owner;
  const metadata = { team: 'research', tier: 1, nightly: true, note: null };
  const body = { name: 'agent-alpha', framework: 'langgraph', metadata };
  const agent = await done(management.POST('/agents', { body }));
  expect(agent).toMatchObject(body);
  agentId = agent.id;
  const budget = { subject: 'agent' as const, subjectId: agentId, limitNanoUsd: BUDGET_NANO_USD };
  await done(management.PUT('/budgets', { body: { ...budget, period: 'month' } }));
  key = await done(management.POST('/keys', { body: { agentId, name: 'alpha' } }));
  expect(key.key).toMatch(/^story_(live_)?[0-9A-Za-z]{36,}$/);
  expect(key.key.slice(-6)).toBe(keyChecksum(key.key.slice(0, -6)));
  expect(key).toMatchObject({ budget: PRO.defaultKeyBudget, status: 'active' });
  const [row] = await query<{ stored: string; hash: string }>(
    'SELECT k.hash, to_jsonb(k)::text AS stored FROM api_key k WHERE id = $1',
    [key.id],
  );
  expect(row?.hash).toBe(createHash('sha256').update(key.key).digest('hex'));
  const secret = key.key.slice(key.key.lastIndexOf('_') + 1);
  expect(row?.stored).not.toContain(secret.slice(8, -4));
  expect(JSON.stringify(await done(management.GET('/keys')))).not.toContain(secret.slice(8, -4));
});

test('calls with the key; usage and events say what raw events say, on both sides', async () => {
  for (const headers of [bearer(key.key), { 'x-api-key': key.key }]) {
    for (const model of ['toll-small', MODEL]) expect((await chat(headers, model)).status).toBe(200);
    expect((await fetch(`${api.baseUrl}/quotes/ACME`, { headers })).status).toBe(200);
  }
  const raw = await eventually('all calls are in Postgres', SEEN_MS_MAX, async () => {
    const figures = await rawFigures(owner.id);
    return figures.calls === 6 ? figures : null;
  });
  expect(BigInt(raw.chargedNanoUsd) > 0n).toBe(true);
  const mine = owner.management;
  const top = await done(mine.GET('/usage/top', { params: { query: { groupBy: 'model' } } }));
  expect(top.total).toEqual(raw);
  expect(top.groups.map(({ key: model, ratedNanoUsd }) => [model, ratedNanoUsd]).sort()).toEqual(await ratedByModel());
  const series = await done(mine.GET('/usage', { params: { query: { groupBy: 'agent' } } }));
  const label = 'agent-alpha';
  expect(series.groups).toEqual([{ ...raw, key: agentId, label }]);
  expect(await done(mine.GET('/usage/customer'))).toMatchObject({ ...raw, agents: 1, activeAgents: 1 });
  const home = await done(provider.management.GET('/usage/provider'));
  expect(home).toMatchObject({ ...raw, activeAgents: 1, usageNanoUsd: raw.chargedNanoUsd, feesNanoUsd: FEE_NANO_USD });
  for (const side of [mine, provider.management]) {
    const { items } = await done(side.GET('/events', { params: { query: { customerId: owner.id } } }));
    const charged = items.reduce((sum, event) => sum + BigInt(event.chargedNanoUsd), 0n);
    expect([items.length, charged.toString()]).toEqual([6, raw.chargedNanoUsd]);
  }
  for (const [meter, quantity] of [
    ['requests', raw.calls],
    ['input_tokens', raw.inputTokens],
    ['output_tokens', raw.outputTokens],
  ] as const) {
    const path = { meterIdOrSlug: meter };
    const { data } = await done(mine.GET('/meters/{meterIdOrSlug}/query', { params: { path } }));
    expect(data).toMatchObject([{ value: Number(quantity), subject: null, groupBy: {} }]);
  }
  // The event of a call may be there before the call is settled.
  const spent = async () => (await done(mine.GET('/budgets'))).items.find(({ subject }) => subject === 'agent')?.now;
  await expect.poll(spent).toMatchObject({ spentNanoUsd: raw.chargedNanoUsd, heldNanoUsd: '0' });
});

test('a new version of the plan is for new subscribers; this one stays until it is moved', async () => {
  const { management } = provider;
  const { planId, versionId } = versionOf('pro');
  const dearer: Terms = { ...PRO, rateCards: [perCall('0.02')] };
  const params = { path: { planId } };
  const draft = await done(management.POST('/plans/{planId}/versions', { params, body: { terms: dearer } }));
  await publishVersion(draft.id);
  expect(await subscribed()).toMatchObject({ planVersionId: versionId, version: 1 });
  expect(await priceOfQuote()).toBe(QUOTE_NANO_USD);
  const newcomer = await newOwner(provider, 'newcomer');
  const second = await done(newcomer.management.POST('/subscriptions', { body: { planId } }));
  expect(second).toMatchObject({ planVersionId: draft.id, version: 2 });
  const move = { planId };
  await done(owner.management.POST('/subscriptions/move', { body: move }));
  expect(await subscribed()).toMatchObject({ planVersionId: draft.id, version: 2 });
  expect(await priceOfQuote()).toBe('20000000');
});

test("an owner's metadata changes neither plan nor limit nor price", async () => {
  const before = await standing();
  const metadata = { plan: 'enterprise', planVersionId: versionOf('enterprise').versionId, limitNanoUsd: '0' };
  const more = { price: 0, usdPerUnit: '0', rateLimit: 1_000_000, customerId: provider.id, free: true };
  const params = { path: { agentId } };
  const body = { metadata: { ...metadata, ...more }, framework: 'enterprise' };
  await done(owner.management.PATCH('/agents/{agentId}', { params, body }));
  expect(await standing()).toEqual(before);
  const price = { 'x-plan': 'enterprise', 'x-tollwright-plan': 'enterprise', 'x-price': '0' };
  expect(await priceOfQuote(price)).toBe('20000000');
});

const CARDS = termsOf({}).rateCards.map((card) => ({
  ...card,
  price: { ...card.price, usdPerMillionByModel: { [MODEL]: '7.5' } },
})) as Terms['rateCards'];
const FEE_NANO_USD = (29n * USD).toString();
const FEE = { kind: 'flat' as const, amountNanoUsd: FEE_NANO_USD, paymentTerm: 'in-advance' as const };
const QUOTE_NANO_USD = '1000000';
const FREE = termsOf({
  rateLimit: { limit: 10, windowSeconds: 60 },
  quotas: [{ featureKey: 'tokens', limit: '10000', period: 'month' }],
  rateCards: [],
});
const PRO = termsOf({
  rateLimit: { limit: 100, windowSeconds: 60 },
  quotas: [{ featureKey: 'tokens', limit: '1000000', period: 'month' }],
  rateCards: [{ key: 'fee', name: 'Monthly fee', price: FEE }, ...CARDS, perCall('0.001')],
});

async function publish(name: string, terms: Terms, customerId?: string): Promise<void> {
  const body = { key: name, name, terms, ...(customerId === undefined ? {} : { customerId }) };
  const plan = await done(provider.management.POST('/plans', { body }));
  const [version] = plan.versions;
  if (version === undefined) throw new Error('a new plan has a draft');
  expect(version.status).toBe('draft');
  await publishVersion(version.id);
  versions[name] = { planId: plan.id, versionId: version.id };
}

async function publishVersion(planVersionId: string): Promise<void> {
  const params = { path: { planVersionId } };
  const published = await done(provider.management.POST('/plan-versions/{planVersionId}/publish', { params }));
  expect(published.status).toBe('published');
}

function versionOf(name: string): { planId: string; versionId: string } {
  const found = versions[name];
  if (found === undefined) throw new Error(`${name} was not published`);
  return found;
}

function routeOf(operationId: string): string {
  const found = routes.get(operationId);
  if (found === undefined) throw new Error(`the document has no ${operationId}`);
  return found;
}

function chatBody(model = MODEL): string {
  return JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }], max_tokens: 12 });
}

function chat(headers: Record<string, string>, model: string): Promise<Response> {
  const json = { ...headers, 'content-type': 'application/json' };
  return fetch(`${api.baseUrl}/v1/chat/completions`, { method: 'POST', headers: json, body: chatBody(model) });
}

async function subscribed() {
  const { items } = await done(owner.management.GET('/subscriptions'));
  return items.find((subscription) => subscription.status === 'active');
}

/** What a call of a plain route was charged, by its own event. */
async function priceOfQuote(headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${api.baseUrl}/quotes/ACME`, { headers: { ...bearer(key.key), ...headers } });
  expect(response.status).toBe(200);
  const params = { query: { requestId: response.headers.get('x-request-id') ?? '' } };
  return eventually('the call is in Postgres', SEEN_MS_MAX, async () => {
    const { items } = await done(owner.management.GET('/events', { params }));
    return items[0]?.chargedNanoUsd ?? null;
  });
}

async function ratedByModel(): Promise<[string, string][]> {
  const rows = await query<{ model: string; rated: string }>(
    `SELECT coalesce(body -> 'data' ->> 'model', '') AS model, sum((body ->> 'ratedNanoUsd')::numeric) AS rated
     FROM usage_event WHERE customer_id = $1 GROUP BY 1 ORDER BY 1`,
    [owner.id],
  );
  return rows.map(({ model, rated }) => [model, rated]);
}

/** Everything that decides what the agent may do and pays, from the tables themselves. */
async function standing() {
  const subscriptions = 'SELECT id, plan_version_id, status FROM subscription WHERE customer_id = $1 ORDER BY id';
  const budgets = 'SELECT id, subject, limit_nano_usd, period FROM budget WHERE customer_id = $1 ORDER BY id';
  return { subscriptions: await query(subscriptions, [owner.id]), budgets: await query(budgets, [owner.id]) };
}
