import {
  createApi,
  createExtractor,
  createFeature,
  createMeter,
  createProvider,
  getProvider,
  listApis,
  listCosts,
  listExtractors,
  listFeatures,
  listMeters,
  listOrganizations,
  listRoutes,
  listStripeAccounts,
  listWallets,
  type RouteOutput,
  setCosts,
  setCredential,
  setStripeAccount,
  setWallet,
  updateApi,
  updateRoute,
} from '@tollwright/services';
import type { Acme, SeedContext } from './context.ts';
import {
  API,
  COSTS_FROM,
  FEATURES,
  METERS,
  MODEL_COSTS,
  NETWORKS,
  PROVIDER,
  PROVIDER_OWNER,
  STRANGER_PRICES_NANO_USD,
  TEMPO_NETWORK,
  TOKEN_OPERATIONS,
  UPTO,
  UPTO_CEILING_NANO_USD,
} from './demo.ts';
import { allOf } from './lists.ts';
import { accountOf } from './people.ts';
import type { PublishedPlan } from './plans.ts';

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
  await sayCosts(ctx, providerId, actor, api.id);
  await makeWallets(ctx, providerId, actor);
  await makeStripeAccount(ctx, providerId, actor);
  const routes = await priceRoutes(ctx, providerId, actor, api.id);
  return { apiId: api.id, routes };
}

/** What the models cost; of one of them nobody has said it yet. */
async function sayCosts({ services }: SeedContext, providerId: string, actor: Acme['actor'], apiId: string) {
  const { items } = await listCosts(services, actor, { providerId, limit: 1 });
  if (items.length > 0) return;
  await setCosts(services, actor, { providerId, apiId, models: [...MODEL_COSTS], effectiveFrom: COSTS_FROM });
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

/** A wallet on every local chain. */
async function makeWallets({ services, env }: SeedContext, providerId: string, actor: Acme['actor']): Promise<void> {
  const { payTo } = env;
  const { items } = await listWallets(services, actor, { providerId });
  for (const network of NETWORKS) {
    const same = (wallet: { network: string; payTo: string }) =>
      wallet.network === network && wallet.payTo.toLowerCase() === payTo.toLowerCase();
    const refundKey = network === TEMPO_NETWORK ? env.operatorKey : env.refundKey;
    if (!items.some(same)) await setWallet(services, actor, { providerId, network, payTo, refundKey });
  }
}

/** The account at the double of Stripe, which takes any key that says so. */
async function makeStripeAccount({ services }: SeedContext, providerId: string, actor: Acme['actor']): Promise<void> {
  const { items } = await listStripeAccounts(services, actor, { providerId });
  if (items.length > 0) return;
  await setStripeAccount(services, actor, {
    providerId,
    profile: 'profile_acme',
    secretKey: 'sk_live_double_of_the_demo',
  });
}

/** One route is sold by use, once its price list is published. */
export async function sellByUse(
  { services }: SeedContext,
  { providerId, actor }: Acme,
  { routes }: DemoApi,
  { planId: strangerPlanId }: PublishedPlan,
): Promise<void> {
  const route = routes.get(UPTO);
  if (route === undefined || route.strangerPlanId === strangerPlanId) return;
  const price = { strangerPriceNanoUsd: UPTO_CEILING_NANO_USD, strangerPlanId };
  await updateRoute(services, actor, { providerId, routeId: route.id, ...price });
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
    const price = STRANGER_PRICES_NANO_USD.get(operationId);
    const wanted = { extractorId, ...(price === undefined ? {} : { strangerPriceNanoUsd: price }) };
    const same = route.extractorId === extractorId && (price === undefined || route.strangerPriceNanoUsd !== null);
    routes.set(
      operationId,
      same ? route : await updateRoute(services, actor, { providerId, routeId: route.id, ...wanted }),
    );
  }
  return routes;
}
