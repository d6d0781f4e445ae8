import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { paths } from '../generated/management.d.ts';
import { done, type Management } from '../management.ts';
import { type NewProvider, newProvider } from '../people.ts';
import { sampleDocument, upstreamCredential, upstreamUrl } from '../upstream.ts';

export const STRANGER_PRICE_NANO_USD = '10000000';

type ApiChange = NonNullable<paths['/apis/{apiId}']['patch']['requestBody']>['content']['application/json'];

/** Where and how patiently an API is forwarded. */
export type UpstreamSettings = Required<
  Pick<ApiChange, 'upstreamBaseUrl' | 'upstreamFallbacks' | 'upstreamBreaker' | 'timeouts'>
>;

/** An API as the management API names it. */
export interface SoldApi {
  readonly id: string;
  readonly baseUrl: string;
  /** Ids by operation id. */
  readonly routes: ReadonlyMap<string, string>;
  /** As it was made. */
  readonly upstream: UpstreamSettings;
}

/** A provider of its own with what policies speak of: meters, features, prices, and two APIs. */
export interface Market {
  readonly management: Management;
  readonly provider: NewProvider;
  /** The API whose policies are tried. */
  readonly api: SoldApi;
  /** An API that tells by a header which change gateways have heard of. */
  readonly beacon: SoldApi;
}

/** Founds the provider by the portal's own requests and furnishes it by REST. */
export async function openMarket(): Promise<Market> {
  const provider = await newProvider('policies');
  const { management } = provider;
  await addMeters(management);
  const payTo = privateKeyToAccount(generatePrivateKey()).address;
  await done(management.POST('/wallets', { body: { network: 'eip155:84532', payTo } }));
  return { management, provider, api: await addApi(management, 'chat'), beacon: await addApi(management, 'beacon') };
}

async function addMeters(management: Management): Promise<void> {
  const groupBy = { model: '$.model', route: '$.route' };
  const count = { slug: 'requests', name: 'Requests', aggregation: 'COUNT' as const, valueProperty: null };
  const sums = ['input_tokens', 'output_tokens', 'premium_tokens', 'standard_tokens'].map((slug) => {
    return { slug, name: slug, aggregation: 'SUM' as const, valueProperty: `$.${slug}` };
  });
  for (const meter of [count, ...sums])
    await done(management.POST('/meters', { body: { ...meter, eventType: 'request', groupBy } }));
  for (const key of ['vision', 'batch'])
    await done(management.POST('/features', { body: { key, name: key, meterSlugs: ['requests'] } }));
}

async function addApi(management: Management, slug: string): Promise<SoldApi> {
  const credential = { header: 'Authorization', value: upstreamCredential() };
  const source = { kind: 'text' as const, text: await sampleDocument() };
  const body = { name: slug, slug, source, upstreamBaseUrl: upstreamUrl(), upstreamCredential: credential };
  const made = await done(management.POST('/apis', { body }));
  const { id, baseUrl, upstreamBaseUrl, upstreamFallbacks, upstreamBreaker, timeouts } = made;
  const params = { path: { apiId: id } };
  const { items } = await done(management.GET('/apis/{apiId}/routes', { params }));
  const routes = new Map(items.map(({ id: routeId, operationId }) => [operationId, routeId]));
  const extractor = await done(management.POST('/extractors', { body: { name: slug, rule: { kind: 'openai' } } }));
  const wanted = { extractorId: extractor.id };
  await patchRoute(management, routes.get('createChatCompletion'), wanted);
  await patchRoute(management, routes.get('getWeather'), { strangerPriceNanoUsd: STRANGER_PRICE_NANO_USD });
  return { id, baseUrl, routes, upstream: { upstreamBaseUrl, upstreamFallbacks, upstreamBreaker, timeouts } };
}

async function patchRoute(
  management: Management,
  routeId: string | undefined,
  body: { extractorId?: string; strangerPriceNanoUsd?: string },
): Promise<void> {
  if (routeId === undefined) throw new Error('the sample document lacks an operation');
  await done(management.PATCH('/routes/{routeId}', { params: { path: { routeId } }, body }));
}
