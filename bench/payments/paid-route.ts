import { nanoUsd } from '@tollwright/core';
import { PRICE } from './subjects.ts';

const DEADLINES = {
  ...{ connectTimeoutMs: 5_000, firstByteTimeoutMs: 60_000, idleTimeoutMs: 60_000, totalTimeoutMs: 600_000 },
};
/** Larger than all that is open at once. */
const EXPOSURE_CAP = nanoUsd(PRICE * 1_000n);

const body = JSON.stringify({
  ...{ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], max_tokens: 50 },
});
const posted = { method: 'POST', headers: { 'content-type': 'application/json' }, body };

/** When money is taken, and a call of the route that does so. */
export const PAID_CALLS = {
  after: { path: '/weather?city=Porto', init: {} },
  before: { path: '/quotes/TOLL', init: {} },
  optimistic: { path: '/v1/models', init: {} },
  upto: { path: '/v1/chat/completions', init: posted },
  session: { path: '/weather?city=Porto', init: {} },
} as const satisfies Readonly<Record<string, { readonly path: string; readonly init: RequestInit }>>;
export type Policy = keyof typeof PAID_CALLS;

/** What the gateway is to serve: a route for every policy. A session pays on the route that settles after its answer. */
export function snapshotOf(providerId: string, baseUrl: string, sealedValue: string, wallets: readonly object[]) {
  const route = (operationId: string, method: string, pathTemplate: string, how: object) => ({
    ...{ id: `rte_${operationId}`, operationId, method, pathTemplate, extractorId: null },
    ...{ bodyBytesMax: 1_048_576, strangerPriceNanoUsd: PRICE, policies: [], ...how },
  });
  return {
    ...{ schemaVersion: 1, apiId: 'api_paid', providerId, providerSlug: 'bench', apiSlug: 'paid' },
    ...{ apiName: 'Paid', livemode: true, version: 1 },
    upstream: { ...{ baseUrl, credential: { header: 'authorization', sealedValue } }, ...DEADLINES },
    routes: [
      route('getWeather', 'GET', '/weather', { settles: 'after' }),
      route('getQuote', 'GET', '/quotes/{symbol}', { settles: 'before' }),
      route('listModels', 'GET', '/v1/models', { settles: 'before', exposureCapNanoUsd: EXPOSURE_CAP }),
      route('createChatCompletion', 'POST', '/v1/chat/completions', {
        ...{ settles: 'after', extractorId: 'ext_openai', strangerPriceNanoUsd: null },
        strangerCeiling: { ceilingNanoUsd: PRICE, planVersionId: 'plv_tokens' },
      }),
    ],
    extractors: [{ id: 'ext_openai', rule: { kind: 'openai' } }],
    meters: ['input_tokens', 'output_tokens'].map((slug) => ({
      ...{ slug, eventType: 'request', aggregation: 'SUM', valueProperty: `$.${slug}`, groupBy: {} },
    })),
    ...{ plans: [tokens], wallets, policies: [] },
  };
}

const tokens = {
  ...{ planVersionId: 'plv_tokens', planKey: 'tokens', planName: 'Tokens', version: 1 },
  terms: {
    ...{ currency: 'usd', billingPeriod: 'month', rateLimit: null, quotas: [], outputTokensMax: 1_000 },
    defaultKeyBudget: { limitNanoUsd: nanoUsd(PRICE * 1_000n), period: 'month' },
    rateCards: ['input_tokens', 'output_tokens'].map((meter) => ({
      ...{ key: meter, name: meter },
      price: { kind: 'per-unit', meter, usdPerUnit: '0.001' },
    })),
  },
};
