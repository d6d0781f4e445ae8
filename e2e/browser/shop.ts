import { expect, type Page } from '@playwright/test';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { done, type Management, openManagement } from '../management.ts';
import { perMillionTokens, type Terms, termsOf, USD } from '../subscriber.ts';
import { sampleDocument, upstreamCredential, upstreamUrl } from '../upstream.ts';
import { foundProvider, openInConsole, type Provider } from './provider.ts';

/** A provider with an API, meters, a wallet and the plan Pro: where the other stories begin. */
export interface Shop extends Provider {
  readonly management: Management;
  /** Where agents call its API. */
  readonly apiUrl: string;
  readonly payTo: Hex;
  readonly proVersionId: string;
}

export const PRO_FEE_NANO_USD = 29n * USD;
const STRANGER_PRICE_NANO_USD = '10000000';

/** Founds a provider in the browser and furnishes it by the management API; the provider's own story does that by hand. */
export async function openShop(page: Page): Promise<Shop> {
  const provider = await foundProvider(page);
  const management = openManagement(await createToken(page));
  const apiUrl = await addApi(management);
  await addMeters(management);
  const payTo = privateKeyToAccount(generatePrivateKey()).address;
  await done(management.POST('/wallets', { body: { network: 'eip155:84532', payTo } }));
  const proVersionId = await publishPro(management);
  return { ...provider, management, apiUrl, payTo, proVersionId };
}

async function createToken(page: Page): Promise<string> {
  await openInConsole(page, 'Settings');
  await page.getByRole('link', { name: 'Management tokens' }).click();
  await page.getByRole('button', { name: 'Create token' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('Name').fill('stories');
  await sheet.getByLabel('Read and write').check();
  await sheet.getByRole('button', { name: 'Create token' }).click();
  const token = (await sheet.getByText(/^twm_live_[0-9A-Za-z]+$/).textContent()) ?? '';
  await sheet.getByRole('button', { name: 'I have stored it' }).click();
  await expect(sheet).toBeHidden();
  return token;
}

async function addApi(management: Management): Promise<string> {
  const source = { kind: 'text' as const, text: await sampleDocument() };
  const upstreamCredentialOf = { header: 'Authorization', value: upstreamCredential() };
  const body = {
    name: 'Chat',
    slug: 'chat',
    source,
    upstreamBaseUrl: upstreamUrl(),
    upstreamCredential: upstreamCredentialOf,
  };
  const api = await done(management.POST('/apis', { body }));
  const rule = { kind: 'openai' as const };
  const extractor = await done(management.POST('/extractors', { body: { name: 'OpenAI-shaped', rule } }));
  const params = { path: { apiId: api.id } };
  const { items: routes } = await done(management.GET('/apis/{apiId}/routes', { params }));
  for (const { id: routeId, operationId } of routes) {
    const chat = operationId === 'createChatCompletion';
    const body = {
      ...(chat ? { extractorId: extractor.id } : {}),
      ...(chat || operationId === 'getWeather' ? { strangerPriceNanoUsd: STRANGER_PRICE_NANO_USD } : {}),
    };
    await done(management.PATCH('/routes/{routeId}', { params: { path: { routeId } }, body }));
  }
  return api.baseUrl;
}

async function addMeters(management: Management): Promise<void> {
  const groupBy = { model: '$.model', route: '$.route' };
  const count = { slug: 'requests', name: 'Requests', aggregation: 'COUNT' as const, valueProperty: null };
  const sums = (['input_tokens', 'output_tokens'] as const).map((slug) => {
    return { slug, name: slug, aggregation: 'SUM' as const, valueProperty: `$.${slug}` };
  });
  for (const meter of [count, ...sums]) {
    await done(management.POST('/meters', { body: { ...meter, eventType: 'request', groupBy } }));
  }
  const meterSlugs = sums.map(({ slug }) => slug);
  await done(management.POST('/features', { body: { key: 'tokens', name: 'Tokens', meterSlugs } }));
}

async function publishPro(management: Management): Promise<string> {
  const fee = { kind: 'flat' as const, amountNanoUsd: PRO_FEE_NANO_USD.toString(), paymentTerm: 'in-advance' as const };
  const terms: Terms = termsOf({
    // Beyond what any story calls, however often it looks whether a change is in force.
    rateLimit: { limit: 10_000, windowSeconds: 60 },
    quotas: [{ featureKey: 'tokens', limit: '1000000', period: 'month' }],
    rateCards: [
      { key: 'fee', name: 'Fee', price: fee },
      perMillionTokens('input', '1'),
      perMillionTokens('output', '2'),
    ],
    defaultKeyBudget: { limitNanoUsd: (20n * USD).toString(), period: 'month' },
  });
  const plan = await done(management.POST('/plans', { body: { key: 'pro', name: 'Pro', terms } }));
  const planVersionId = plan.versions[0]?.id ?? '';
  await done(management.POST('/plan-versions/{planVersionId}/publish', { params: { path: { planVersionId } } }));
  return planVersionId;
}

/** Subscribes a customer to Pro. */
export async function subscribeToPro({ management, proVersionId }: Shop, customerId: string): Promise<void> {
  await done(management.POST('/subscriptions', { body: { customerId, planVersionId: proVersionId } }));
}

export interface AgentWithKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
}

/** Gives a customer an agent with a key. */
export async function addAgent({ management }: Shop, customerId: string, name: string): Promise<AgentWithKey> {
  const { id } = await done(management.POST('/agents', { body: { customerId, name } }));
  const body = { customerId, agentId: id, name: `key of ${name}` };
  const { key } = await done(management.POST('/keys', { body }));
  return { id, name, key };
}
