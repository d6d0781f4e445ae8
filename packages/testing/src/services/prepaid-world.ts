import {
  createApi,
  createMeter,
  createPlan,
  listRoutes,
  moveSubscription,
  publishPlan,
  SYSTEM,
  setStripeAccount,
  setWallet,
  updateRoute,
} from '@tollwright/services';
import type { ServicesHarness } from './services-harness.ts';
import { createWorld, termsOf, type World } from './world.ts';

/** A world whose customer has a prepaid plan and no credit yet. `path` is its API below a gateway. */
export interface PrepaidWorld extends World {
  readonly path: string;
}

export interface PrepaidWorldOptions {
  readonly upstreamUrl: string;
  readonly upstreamToken: string;
  readonly payTo: string;
  /** CAIP-2, of which the usual token is known. */
  readonly networks: readonly string[];
  readonly stripeSecretKey: string;
}

const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1.0.0' },
  servers: [{ url: 'https://upstream.example' }],
  paths: { '/weather': { get: { operationId: 'getWeather', responses: { 200: { description: 'ok' } } } } },
});

/** Makes a provider `acme` that sells calls of the sample upstream at 0.01 USD, to strangers and from credit, and a pack of 5 USD for 6. */
export async function createPrepaidWorld(
  harness: ServicesHarness,
  { upstreamUrl, upstreamToken, payTo, networks, stripeSecretKey }: PrepaidWorldOptions,
): Promise<PrepaidWorld> {
  const { ctx } = harness;
  const world = await createWorld(harness, 'acme');
  const { owner, providerId, target } = world;
  const api = await createApi(ctx, owner, {
    ...{ providerId, slug: 'shop', name: 'Shop', source: { kind: 'text', text: DOCUMENT } },
    upstreamBaseUrl: upstreamUrl,
    upstreamCredential: { header: 'Authorization', value: `Bearer ${upstreamToken}` },
  });
  const [route] = (await listRoutes(ctx, owner, { providerId, apiId: api.id })).items;
  await updateRoute(ctx, owner, { providerId, routeId: route?.id ?? '', strangerPriceNanoUsd: '10000000' });
  await createMeter(ctx, owner, {
    ...{ providerId, slug: 'requests', name: 'Calls', eventType: 'request', aggregation: 'COUNT' },
    ...{ valueProperty: null, groupBy: {} },
  });
  const plan = await createPlan(ctx, owner, {
    ...{ providerId, key: 'prepaid', name: 'Prepaid' },
    terms: {
      ...{ ...termsOf(), rateLimit: null, quotas: [] },
      rateCards: [{ key: 'calls', name: 'Calls', price: { kind: 'per-unit', meter: 'requests', usdPerUnit: '0.01' } }],
      prepaid: {
        packs: [{ key: 'starter', name: 'Starter', priceNanoUsd: '5000000000', creditNanoUsd: '6000000000' }],
      },
    },
  });
  await publishPlan(ctx, owner, { providerId, planVersionId: plan.versions[0]?.id ?? '' });
  for (const network of networks) await setWallet(ctx, SYSTEM, { providerId, network, payTo });
  await setStripeAccount(ctx, SYSTEM, { providerId, profile: 'profile_acme', secretKey: stripeSecretKey });
  await moveSubscription(ctx, owner, { ...target, planId: plan.id });
  return { ...world, path: '/acme/shop' };
}
