import {
  type ApiSnapshot,
  apiSnapshot,
  type BreakerOptions,
  freeAnswers,
  toJson,
  type UpstreamBreaker,
  type VerifiedPayers,
  type Wallet,
} from '@tollwright/contracts';
import { isAdditive } from '@tollwright/core';
import {
  type DbApi,
  type DbPlan,
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
import { listedSchemaOf, readsOperation, requestSchemaOf } from '../policy/request-schema.ts';
import { notFound } from '../refusals.ts';
import { discountOf } from '../route/route.ts';
import { toSnapshotAccount } from '../stripe-account/stripe-account.ts';
import { toWallet } from '../wallet/wallet.ts';

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
  const plans = await plansInUse(tx, providerId);
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
    routes: (api.archivedAt === null ? routes : []).map((route) => snapshotRouteOf(api, route, plans)),
    extractors: extractors
      .filter((extractor) => used.has(extractor.id))
      .map((extractor) => ({ id: extractor.id, rule: fromDbExtractorRule(extractor.rule) })),
    meters: meters.map(fromDbMeter).filter(isAdditive),
    plans: plans.map(snapshotPlanOf),
    wallets: await walletsOf(tx, providerId, api.livemode),
    railFees: api.provider.railFees,
    verifiedPayers: await verifiedPayersOf(tx, providerId),
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

/** What the OpenAPI operation takes goes along where a policy or a stranger reads it, and nowhere else: it may be large. */
function snapshotRouteOf(
  api: Pick<DbApi, 'policies' | 'document' | StepUpColumn>,
  route: DbRoute,
  plans: readonly PlanInUse[],
) {
  const policies = fromDbPolicies(route.policies);
  const document = api.document as JsonObject;
  return {
    id: route.id,
    operationId: route.operationId,
    method: route.method,
    pathTemplate: route.pathTemplate,
    extractorId: route.extractorId,
    bodyBytesMax: route.bodyBytesMax,
    ...strangerPriceOf(route, plans),
    ...settlementOf(route),
    ...stepUpOf(api, route),
    policies,
    ...(route.summary === '' ? {} : { summary: route.summary }),
    requestSchema: readsOperation(fromDbPolicies(api.policies), policies)
      ? requestSchemaOf(document, route)
      : route.strangerPriceNanoUsd === null
        ? undefined
        : listedSchemaOf(document, route),
  };
}

/** A fixed price, or the newest prices of a plan under a ceiling. */
function strangerPriceOf({ strangerPriceNanoUsd, strangerPlanId }: DbRoute, plans: readonly PlanInUse[]) {
  const price = strangerPriceNanoUsd?.toString() ?? null;
  if (strangerPlanId === null || price === null) return { strangerPriceNanoUsd: price };
  const newest = plans.find(({ planId }) => planId === strangerPlanId);
  if (newest === undefined) return { strangerPriceNanoUsd: null };
  return { strangerPriceNanoUsd: null, strangerCeiling: { ceilingNanoUsd: price, planVersionId: newest.id } };
}

/** A gateway that knows no exposure takes the money first. Free answers go along where there are some. */
function settlementOf(route: DbRoute) {
  const { settles, exposureCapNanoUsd, accessSeconds, freeAnswers: free } = route;
  const discount = discountOf(route);
  const { statuses, zeroField } = freeAnswers.parse(free);
  const hasFree = statuses.length > 0 || zeroField !== null;
  return {
    ...(settles === 'after' ? {} : { settles: 'before' }),
    ...(exposureCapNanoUsd === null ? {} : { exposureCapNanoUsd: exposureCapNanoUsd.toString() }),
    ...(accessSeconds === null ? {} : { accessSeconds }),
    ...(discount === null ? {} : { discount }),
    ...(hasFree ? { freeAnswers: { statuses, zeroField } } : {}),
  };
}

type StepUpColumn = 'stepUpAboveNanoUsd' | 'stepUpPayerAboveNanoUsd' | 'stepUpNeeds';

/** A route's own limits, or its API's. Left out where there are none. */
function stepUpOf(api: Pick<DbApi, StepUpColumn>, route: DbRoute) {
  const {
    stepUpAboveNanoUsd: above,
    stepUpPayerAboveNanoUsd: payerAbove,
    stepUpNeeds: needs,
  } = route.stepUpFrom === 'route' ? route : api;
  if (above === null && payerAbove === null) return {};
  const [aboveNanoUsd, payerAboveNanoUsd] = [above?.toString() ?? null, payerAbove?.toString() ?? null];
  return { stepUp: { aboveNanoUsd, payerAboveNanoUsd, needs } };
}

/** Left out where nobody is known. */
async function verifiedPayersOf(tx: Tx, providerId: string): Promise<VerifiedPayers | undefined> {
  const rows = await tx.verifiedPayer.findMany({ where: { providerId }, orderBy: { id: 'asc' } });
  if (rows.length === 0) return undefined;
  return {
    addresses: rows.flatMap(({ address }) => address ?? []),
    customers: rows.flatMap(({ customerId }) => customerId ?? []),
  };
}

type PlanInUse = DbPlanVersion & {
  readonly plan: Pick<DbPlan, 'key' | 'name' | 'archivedAt' | 'customerId'>;
  readonly isNewest: boolean;
};

/** Newest first of each plan. Published versions that somebody is subscribed to, and the newest published version of each plan. */
async function plansInUse(tx: Tx, providerId: string): Promise<readonly PlanInUse[]> {
  const versions = await tx.planVersion.findMany({
    where: { providerId, publishedAt: { not: null } },
    include: { plan: true, _count: { select: { subscriptions: { where: { status: 'active' } } } } },
    orderBy: [{ planId: 'asc' }, { version: 'desc' }],
  });
  const newest = new Set<string>();
  const kept: PlanInUse[] = [];
  for (const version of versions) {
    const first = !newest.has(version.planId);
    newest.add(version.planId);
    if (first || version._count.subscriptions > 0) kept.push({ ...version, isNewest: first });
  }
  return kept;
}

function snapshotPlanOf({ id, plan, version, terms, isNewest }: PlanInUse) {
  return {
    planVersionId: id,
    planKey: plan.key,
    planName: plan.name,
    version,
    isOnOffer: isNewest && plan.archivedAt === null && plan.customerId === null,
    terms: JSON.parse(toJson(fromDbPlanTerms(terms))) as unknown,
  };
}

async function walletsOf(tx: Tx, providerId: string, livemode: boolean): Promise<Wallet[]> {
  const open = { where: { providerId, livemode, archivedAt: null }, orderBy: { id: 'asc' } } as const;
  const [wallets, accounts] = [await tx.wallet.findMany(open), await tx.stripeAccount.findMany(open)];
  const onChains = wallets.map((row): Wallet => {
    const { network, asset, tokenName, tokenVersion, decimals, payTo, refundFrom } = row;
    const common = { network, asset, decimals, payTo };
    if (row.kind !== 'tempo') {
      const { transferMethods } = toWallet(row);
      const methods = transferMethods === null ? {} : { transferMethods };
      return { kind: 'x402', ...common, tokenName, tokenVersion, ...methods };
    }
    return { kind: 'tempo', ...common, ...(refundFrom === null ? {} : { operator: refundFrom }) };
  });
  return [...onChains, ...accounts.map(toSnapshotAccount)];
}
