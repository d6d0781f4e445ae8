import {
  type ApiSnapshot,
  BREAKER_DEFAULT,
  type ExtractorRule,
  REQUEST_EVENT_TYPE,
  type SnapshotRoute,
} from '@tollwright/contracts';
import { createTariff, type Tariff } from '@tollwright/policies';
import type { UpstreamRequest } from '../upstream/upstream.ts';
import { Router } from './router.ts';

/** A route with what serving it needs. */
export interface CompiledRoute {
  readonly method: string;
  readonly pathTemplate: string;
  readonly route: SnapshotRoute;
  /** Reads answers of this route; null counts requests only. */
  readonly rule: ExtractorRule | null;
  /** Event fields that are known before the call. */
  readonly known: { readonly route: string };
}

/** One API's snapshot, made ready to serve. Immutable: a new version is a new value. */
export interface CompiledApi {
  readonly snapshot: ApiSnapshot;
  readonly router: Router<CompiledRoute>;
  readonly tariffs: ReadonlyMap<string, Tariff>;
  /** `scheme://host:port` of the upstream, and the path that goes before every route's. */
  readonly origin: string;
  readonly host: string;
  readonly basePath: string;
  /** Other addresses of the same API. */
  readonly fallbacks: readonly CompiledAddress[];
  readonly breaker: NonNullable<UpstreamRequest['breaker']> | null;
  readonly credential: { readonly header: string; readonly value: string } | null;
}

/** One address of an upstream: see CompiledApi. */
export type CompiledAddress = Pick<CompiledApi, 'origin' | 'host' | 'basePath'>;

/** Opens an upstream credential: (provider, API, ciphertext) -> plain text. Throws when it does not open. */
export type OpenCredential = (providerId: string, apiId: string, sealed: string) => string;

/** Compiles a snapshot once; nothing of it is parsed while calls are served. */
export function compileApi(snapshot: ApiSnapshot, openCredential: OpenCredential): CompiledApi {
  const rules = new Map(snapshot.extractors.map(({ id, rule }) => [id, rule]));
  const routes = snapshot.routes.map(
    (route): CompiledRoute => ({
      method: route.method,
      pathTemplate: route.pathTemplate,
      route,
      rule: route.extractorId === null ? null : (rules.get(route.extractorId) ?? null),
      known: { route: route.operationId },
    }),
  );
  const tariffs = snapshot.plans.map(
    (plan) => [plan.planVersionId, createTariff(plan, snapshot.meters, REQUEST_EVENT_TYPE)] as const,
  );
  const { credential, baseUrl, fallbacks = [], breaker = BREAKER_DEFAULT } = snapshot.upstream;
  return {
    snapshot,
    router: new Router(routes),
    tariffs: new Map(tariffs),
    ...addressOf(baseUrl),
    fallbacks: fallbacks.map((fallback) => addressOf(fallback.baseUrl)),
    breaker: breaker && { owner: snapshot.apiId, options: breaker },
    credential: credential && {
      header: credential.header,
      value: openCredential(snapshot.providerId, snapshot.apiId, credential.sealedValue),
    },
  };
}

function addressOf(baseUrl: string): CompiledAddress {
  const { origin, host, pathname } = new URL(baseUrl);
  return { origin, host, basePath: pathname.replace(/\/+$/, '') };
}
