import {
  createApi,
  createExtractor,
  createFeature,
  createMeter,
  createProvider,
  getProvider,
  listApis,
  listExtractors,
  listFeatures,
  listMeters,
  listOrganizations,
  listRoutes,
  listWallets,
  type RouteOutput,
  setCredential,
  setWallet,
  updateApi,
  updateRoute,
} from '@tollwright/services';
import type { Acme, SeedContext } from './context.ts';
import {
  API,
  CHAT,
  FEATURES,
  METERS,
  NETWORK,
  PAID_GET,
  PROVIDER,
  PROVIDER_OWNER,
  STRANGER_PRICE_NANO_USD,
  TOKEN_OPERATIONS,
} from './demo.ts';
import { allOf } from './lists.ts';
import { accountOf } from './people.ts';

/** The demo API as gateways serve it. */
export interface DemoApi {
  readonly apiId: string;
  readonly routes: ReadonlyMap<string, RouteOutput>;
}

/** Acme AI and its owner. */
export async function makeProvider(ctx: SeedContext): Promise<Acme> {
  const actor = await accountOf(ctx, PROVIDER_OWNER);
  const { providers } = await listOrganizations(ctx.services, actor);
  const known = providers.find((provider) => provider.slug === PROVIDER.slug);
  const providerId = known?.id ?? (await createProvider(ctx.services, actor, PROVIDER)).id;
  const provider = await getProvider(ctx.services, actor, { providerId });
  return { providerId, actor, createdAtMs: Date.parse(provider.createdAt) };
}

/** The API with its extractor, meters, features, wallet and prices for strangers. */
export async function makeApi(ctx: SeedContext, { providerId, actor }: Acme): Promise<DemoApi> {
  const { services, env } = ctx;
  const credential = { header: 'Authorization', value: `Bearer ${env.upstreamToken}` };
  const apis = await allOf((page) => listApis(services, actor, { providerId, ...page }));
  const known = apis.find((api) => api.slug === API.slug);
  if (known !== undefined) {
    await updateApi(services, actor, { providerId, apiId: known.id, upstreamBaseUrl: env.upstreamUrl });
    await setCredential(services, actor, { providerId, apiId: known.id, credential });
  }
  const api =
    known ??
    (await createApi(services, actor, {
      providerId,
      ...API,
      source: { kind: 'url', url: `${env.upstreamUrl}/openapi.json` },
      upstreamBaseUrl: env.upstreamUrl,
      upstreamCredential: credential,
    }));
  await makeMeters(ctx, providerId, actor);
  await makeWallet(ctx, providerId, actor);
  const routes = await priceRoutes(ctx, providerId, actor, api.id);
  return { apiId: api.id, routes };
}

async function makeMeters({ services }: SeedContext, providerId: string, actor: Acme['actor']): Promise<void> {
  const meters = await allOf((page) => listMeters(services, actor, { providerId, ...page }));
  for (const { groupBy, ...meter } of METERS) {
    if (meters.some((one) => one.slug === meter.slug)) continue;
    await createMeter(services, actor, { providerId, ...meter, groupBy: { ...groupBy } });
  }
  const features = await allOf((page) => listFeatures(services, actor, { providerId, ...page }));
  for (const feature of FEATURES) {
    if (features.some((one) => one.key === feature.key)) continue;
    await createFeature(services, actor, { providerId, ...feature });
  }
}

async function makeWallet({ services, env }: SeedContext, providerId: string, actor: Acme['actor']): Promise<void> {
  const wallets = await listWallets(services, actor, { providerId });
  const same = (wallet: { network: string; payTo: string }) =>
    wallet.network === NETWORK && wallet.payTo.toLowerCase() === env.payTo.toLowerCase();
  if (wallets.items.some(same)) return;
  await setWallet(services, actor, { providerId, network: NETWORK, payTo: env.payTo });
}

const EXTRACTOR_NAMES = { openai: 'OpenAI', anthropic: 'Anthropic' } as const;

async function makeExtractors({ services }: SeedContext, providerId: string, actor: Acme['actor']) {
  const known = await allOf((page) => listExtractors(services, actor, { providerId, ...page }));
  const idOf = async (kind: 'openai' | 'anthropic') => {
    const name = EXTRACTOR_NAMES[kind];
    const found = known.find((one) => one.name === name);
    return found?.id ?? (await createExtractor(services, actor, { providerId, name, rule: { kind } })).id;
  };
  return { openai: await idOf('openai'), anthropic: await idOf('anthropic') };
}

async function priceRoutes(ctx: SeedContext, providerId: string, actor: Acme['actor'], apiId: string) {
  const { services } = ctx;
  const extractors = await makeExtractors(ctx, providerId, actor);
  const routes = new Map<string, RouteOutput>();
  for (const route of await allOf((page) => listRoutes(services, actor, { providerId, apiId, ...page }))) {
    const { operationId } = route;
    const shape = TOKEN_OPERATIONS.get(operationId);
    const extractorId = shape === undefined ? route.extractorId : extractors[shape];
    const priced = operationId === CHAT || operationId === PAID_GET;
    const wanted = { extractorId, ...(priced ? { strangerPriceNanoUsd: STRANGER_PRICE_NANO_USD } : {}) };
    const same = route.extractorId === extractorId && (!priced || route.strangerPriceNanoUsd !== null);
    routes.set(
      operationId,
      same ? route : await updateRoute(services, actor, { providerId, routeId: route.id, ...wanted }),
    );
  }
  return routes;
}
