import {
  type ApiSnapshot,
  apiSnapshot,
  type BreakerOptions,
  toJson,
  type UpstreamBreaker,
  type X402Wallet,
} from '@tollwright/contracts';
import {
  type DbApi,
  type DbPlanVersion,
  type DbRoute,
  fromDbExtractorRule,
  fromDbMeter,
  fromDbPlanTerms,
  fromDbPolicies,
  fromDbUpstreamBreaker,
  type Tx,
  withTenant,
} from '@tollwright/db';
import type { JsonObject } from '../api/openapi-document.ts';
import type { ServiceContext } from '../context.ts';
import { readsOperation, requestSchemaOf } from '../policy/request-schema.ts';
import { notFound } from '../refusals.ts';

/** Compiles an API as of one moment and puts it into the directory. Publishing a version again changes nothing. */
export async function publishApi(ctx: ServiceContext, providerId: string, apiId: string): Promise<void> {
  const snapshot = await withTenant(
    ctx.db,
    { providerId, customerId: '*' },
    (tx) => compileApi(tx, providerId, apiId),
    {
      isolationLevel: 'RepeatableRead',
    },
  );
  await ctx.state.directory.putSnapshot(apiId, snapshot.version, toJson(snapshot));
}

/** Everything that a gateway needs of one API. */
export async function compileApi(tx: Tx, providerId: string, apiId: string): Promise<ApiSnapshot> {
  const api = await tx.api.findFirst({ where: { providerId, id: apiId }, include: { provider: true } });
  if (!api) throw notFound();
  const routes = await tx.route.findMany({ where: { apiId, archivedAt: null }, orderBy: { id: 'asc' } });
  const extractors = await tx.extractor.findMany({ where: { providerId }, orderBy: { id: 'asc' } });
  const meters = await tx.meter.findMany({ where: { providerId, archivedAt: null }, orderBy: { slug: 'asc' } });
  const used = new Set(routes.map((route) => route.extractorId));
  // Parsing what was just built both proves it and gives the memory form to whoever compiled it.
  return apiSnapshot.parse({
    schemaVersion: 1,
    apiId,
    providerId,
    providerSlug: api.provider.slug,
    apiSlug: api.slug,
    apiName: api.name,
    livemode: api.livemode,
    version: api.snapshotVersion,
    upstream: {
      baseUrl: api.upstreamBaseUrl,
      credential:
        api.upstreamCredentialHeader !== null && api.upstreamCredentialSealed !== null
          ? { header: api.upstreamCredentialHeader, sealedValue: api.upstreamCredentialSealed }
          : null,
      connectTimeoutMs: api.connectTimeoutMs,
      firstByteTimeoutMs: api.firstByteTimeoutMs,
      idleTimeoutMs: api.idleTimeoutMs,
      totalTimeoutMs: api.totalTimeoutMs,
      fallbacks: api.upstreamFallbacks.map((baseUrl) => ({ baseUrl })),
      breaker: snapshotBreakerOf(fromDbUpstreamBreaker(api.upstreamBreaker)),
    },
    // An archived API is published without routes: gateways stop serving it and keep no stale copy.
    routes: (api.archivedAt === null ? routes : []).map((route) => snapshotRouteOf(api, route)),
    extractors: extractors
      .filter((extractor) => used.has(extractor.id))
      .map((extractor) => ({ id: extractor.id, rule: fromDbExtractorRule(extractor.rule) })),
    meters: meters.map(fromDbMeter),
    plans: await plansInUse(tx, providerId),
    wallets: await walletsOf(tx, providerId, api.livemode),
    policies: fromDbPolicies(api.policies),
  });
}

function snapshotBreakerOf(chosen: UpstreamBreaker): BreakerOptions | null | undefined {
  switch (chosen.kind) {
    case 'default':
      return undefined;
    case 'off':
      return null;
    case 'custom': {
      const { kind: _, ...options } = chosen;
      return options;
    }
  }
}

/** What the OpenAPI operation says goes along where a policy reads it, and nowhere else: it may be large. */
function snapshotRouteOf(api: Pick<DbApi, 'policies' | 'document'>, route: DbRoute) {
  const policies = fromDbPolicies(route.policies);
  const reads = readsOperation(fromDbPolicies(api.policies), policies);
  return {
    id: route.id,
    operationId: route.operationId,
    method: route.method,
    pathTemplate: route.pathTemplate,
    extractorId: route.extractorId,
    bodyBytesMax: route.bodyBytesMax,
    strangerPriceNanoUsd: route.strangerPriceNanoUsd?.toString() ?? null,
    policies,
    requestSchema: reads ? requestSchemaOf(api.document as JsonObject, route) : undefined,
  };
}

/** Published versions that somebody is subscribed to, and the newest published version of each plan. */
async function plansInUse(tx: Tx, providerId: string) {
  const versions = await tx.planVersion.findMany({
    where: { providerId, publishedAt: { not: null } },
    include: { plan: true, _count: { select: { subscriptions: { where: { status: 'active' } } } } },
    orderBy: [{ planId: 'asc' }, { version: 'desc' }],
  });
  const newest = new Set<string>();
  const kept: (DbPlanVersion & { plan: { key: string; name: string } })[] = [];
  for (const version of versions) {
    const first = !newest.has(version.planId);
    newest.add(version.planId);
    if (first || version._count.subscriptions > 0) kept.push(version);
  }
  return kept.map((version) => ({
    planVersionId: version.id,
    planKey: version.plan.key,
    planName: version.plan.name,
    version: version.version,
    terms: JSON.parse(toJson(fromDbPlanTerms(version.terms))) as unknown,
  }));
}

async function walletsOf(tx: Tx, providerId: string, livemode: boolean): Promise<X402Wallet[]> {
  const wallets = await tx.wallet.findMany({
    where: { providerId, livemode, archivedAt: null },
    orderBy: { id: 'asc' },
  });
  return wallets.map(({ network, asset, tokenName, tokenVersion, decimals, payTo }) => ({
    kind: 'x402',
    network,
    asset,
    tokenName,
    tokenVersion,
    decimals,
    payTo,
  }));
}
