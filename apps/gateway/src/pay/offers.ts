import type { ApiSnapshot, SnapshotRoute } from '@tollwright/contracts';
import { discounted, ZERO_USD } from '@tollwright/core';
import {
  byNetProceeds,
  maxTimeoutSeconds,
  type Offer,
  type PaidRequest,
  type Quoted,
  quoteAll,
  type Rail,
  singlesOnly,
} from '@tollwright/payments';
import type { Gateway } from '../pipeline/gateway.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** What strangers may pay for a route now, of which most is left first. Empty: it has no price, or no wallet can take it. */
export function currentOffers(
  seller: Pick<Gateway, 'rails'>,
  api: CompiledApi,
  route: CompiledRoute,
): readonly Offer[] {
  return currentQuote(seller, api, route).offers;
}

/** The same with the rails that make no offer; at a price of so much less. */
export function currentQuote(
  { rails }: Pick<Gateway, 'rails'>,
  { snapshot, fees }: CompiledApi,
  { route }: CompiledRoute,
  percentOff = 0,
): Quoted {
  const { offers, leftOut } = quoteFor(rails, snapshot, route, percentOff);
  return { offers: byNetProceeds(offers, fees), leftOut };
}

/** Under a ceiling only rails that take what was used make offers: the ceiling is no price that anybody would have to pay. */
function quoteFor(rails: readonly Rail[], { wallets }: ApiSnapshot, route: SnapshotRoute, percentOff: number): Quoted {
  const { strangerCeiling: ceiling, strangerPriceNanoUsd, stepUp } = route;
  if (ceiling !== undefined) return quoteAll(rails, wallets, ceiling.ceilingNanoUsd, 'variable');
  const quoted = quoteAll(rails, wallets, discounted(strangerPriceNanoUsd ?? ZERO_USD, percentOff));
  // Vouchers are counted by their channels, and so by no day's limit.
  return (stepUp?.payerAboveNanoUsd ?? null) === null ? quoted : singlesOnly(rails, quoted);
}

/**
 * What a payment may be for: the current offers, and those of challenges that are still alive. Beside each price its discounts,
 * whoever has them: that is judged once it is known who pays. Full prices come first: whom an amount is enough of needs no discount.
 * Before them come ceilings, for a route that got or had a fixed price of just that much: whoever signed a ceiling pays what was used.
 */
export function standingOffers(visit: Visit, api: CompiledApi, route: CompiledRoute): readonly Offer[] {
  const { rails } = visit.gateway;
  const standing = standingRoutes(visit, api, route);
  const full = standing.flatMap(({ snapshot, route: priced }) => quoteFor(rails, snapshot, priced, 0).offers);
  const less = standing.flatMap(({ snapshot, route: priced }) =>
    (priced.discount?.tiers ?? []).flatMap(({ percentOff }) => quoteFor(rails, snapshot, priced, percentOff).offers),
  );
  const ceilings = full.filter(({ isCeiling }) => isCeiling === true);
  return [...ceilings, ...full.filter(({ isCeiling }) => isCeiling !== true), ...less];
}

/** A route as it is sold now, and as it was sold in challenges that are still alive. */
export function standingRoutes(
  { gateway, startedAtMs }: Visit,
  api: CompiledApi,
  { route }: CompiledRoute,
): readonly { readonly snapshot: ApiSnapshot; readonly route: SnapshotRoute }[] {
  const replaced = gateway.registry.replacedSince(api.snapshot.apiId, startedAtMs - maxTimeoutSeconds * 1000);
  const before = replaced.flatMap(({ snapshot }) =>
    snapshot.routes.filter(({ id }) => id === route.id).map((priced) => ({ snapshot, route: priced })),
  );
  return [{ snapshot: api.snapshot, route }, ...before];
}

/** What is paid for: named by its public address, never by the Host header of a request. */
export function paidRequestOf(
  visit: Visit,
  { snapshot }: CompiledApi,
  { route }: CompiledRoute,
  keyId: string | null,
  body: Buffer | null,
): PaidRequest {
  const { providerId, providerSlug, apiId, apiSlug, apiName } = snapshot;
  const { requestSchema } = route;
  const base = visit.gateway.gatewayUrl.replace(/^\w+:\/\/[^/]+/, '');
  const pathTemplate = `${base}/${providerSlug}/${apiSlug}${route.pathTemplate}`;
  return {
    resource: {
      url: `${visit.gateway.gatewayUrl}${visit.path}${visit.query}`,
      description: `${apiName}: ${route.operationId}`,
      mimeType: 'application/json',
    },
    scope: { providerId, apiId, routeId: route.id, method: visit.method, keyId },
    ...(requestSchema === undefined ? {} : { operation: { pathTemplate, requestSchema } }),
    body,
    nowMs: visit.startedAtMs,
  };
}
