import {
  type ApiSnapshot,
  BREAKER_DEFAULT,
  type ExtractorRule,
  REQUEST_EVENT_TYPE,
  railFeesOf,
  type SnapshotRoute,
} from '@tollwright/contracts';
import type { FeeTable } from '@tollwright/payments';
import {
  type ApiKeyPolicy,
  apiKeyOptions,
  type BudgetPolicy,
  budgetOptions,
  createApiKeyPolicy,
  createBudgetPolicy,
  createTariff,
  type Tariff,
} from '@tollwright/policies';
import type { UpstreamRequest } from '../upstream/upstream.ts';
import { policiesByRoute, type RoutePolicies } from './route-policies.ts';
import { Router } from './router.ts';
import { ceilingsOf, type StrangerCeiling } from './stranger-tariff.ts';

/** A route with what serving it needs. */
export interface CompiledRoute {
  readonly method: string;
  readonly pathTemplate: string;
  readonly route: SnapshotRoute;
  /** Reads answers of this route; null counts requests only. */
  readonly rule: ExtractorRule | null;
  /** Event fields that are known before the call. */
  readonly known: { readonly route: string };
  /** What runs on this route's calls by plan; null where neither API, route nor any plan has policies. */
  readonly policies: RoutePolicies | null;
  /** What strangers pay by use; null where they pay a fixed price, or nothing is sold to them. */
  readonly ceiling: StrangerCeiling | null;
}

/** One API's snapshot, made ready to serve. Immutable: a new version is a new value. */
export interface CompiledApi {
  readonly snapshot: ApiSnapshot;
  readonly router: Router<CompiledRoute>;
  readonly routes: readonly CompiledRoute[];
  readonly tariffs: ReadonlyMap<string, Tariff>;
  /** `scheme://host:port` of the upstream, and the path that goes before every route's. */
  readonly origin: string;
  readonly host: string;
  readonly basePath: string;
  /** Other addresses of the same API. */
  readonly fallbacks: readonly CompiledAddress[];
  readonly breaker: NonNullable<UpstreamRequest['breaker']> | null;
  readonly credential: { readonly header: string; readonly value: string } | null;
  readonly apiKey: ApiKeyPolicy;
  readonly budget: BudgetPolicy;
  /** What each rail costs the provider. */
  readonly fees: FeeTable;
  /** Headers beside the usual ones that carry keys, and so stay behind. */
  readonly keyHeaders: ReadonlySet<string>;
}

/** One address of an upstream: see CompiledApi. */
export type CompiledAddress = Pick<CompiledApi, 'origin' | 'host' | 'basePath'>;

/** Opens an upstream credential: (provider, API, ciphertext) -> plain text. Throws when it does not open. */
export type OpenCredential = (providerId: string, apiId: string, sealed: string) => string;

/** Compiles a snapshot once; nothing of it is parsed while calls are served. */
export function compileApi(snapshot: ApiSnapshot, openCredential: OpenCredential): CompiledApi {
  const rules = new Map(snapshot.extractors.map(({ id, rule }) => [id, rule]));
  const policiesOf = policiesByRoute(snapshot);
  const ceilingOf = ceilingsOf(snapshot);
  const routes = snapshot.routes.map(
    (route): CompiledRoute => ({
      method: route.method,
      pathTemplate: route.pathTemplate,
      route,
      rule: route.extractorId === null ? null : (rules.get(route.extractorId) ?? null),
      known: { route: route.operationId },
      policies: policiesOf(route),
      ceiling: ceilingOf(route),
    }),
  );
  const tariffs = snapshot.plans.map(
    (plan) => [plan.planVersionId, createTariff(plan, snapshot.meters, REQUEST_EVENT_TYPE, snapshot.policies)] as const,
  );
  const apiKey = createApiKeyPolicy(apiKeyOptions.parse(optionsOf(snapshot, 'api-key')));
  const { credential, baseUrl, fallbacks = [], breaker = BREAKER_DEFAULT } = snapshot.upstream;
  return {
    snapshot,
    router: new Router(routes),
    routes,
    tariffs: new Map(tariffs),
    ...addressOf(baseUrl),
    fallbacks: fallbacks.map((fallback) => addressOf(fallback.baseUrl)),
    breaker: breaker && { owner: snapshot.apiId, options: breaker },
    credential: credential && {
      header: credential.header,
      value: openCredential(snapshot.providerId, snapshot.apiId, credential.sealedValue),
    },
    apiKey,
    budget: createBudgetPolicy(budgetOptions.parse(optionsOf(snapshot, 'budget'))),
    fees: railFeesOf(snapshot.railFees),
    keyHeaders: new Set(apiKey.headers),
  };
}

function addressOf(baseUrl: string): CompiledAddress {
  const { origin, host, pathname } = new URL(baseUrl);
  return { origin, host, basePath: pathname.replace(/\/+$/, '') };
}

/** The options of a policy that runs on every call, as the API sets them; none are its defaults. */
function optionsOf({ policies }: ApiSnapshot, type: string): Readonly<Record<string, unknown>> {
  return policies.find((policy) => policy.type === type)?.options ?? {};
}
