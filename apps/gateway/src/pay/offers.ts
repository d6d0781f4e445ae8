import type { X402Wallet } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import { maxTimeoutSecondsDefault, type PricedResource, type QuotedOffer, quoteX402 } from '@tollwright/payments';
import type { Visit } from '../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../snapshot/compiled-api.ts';

/** What strangers may pay for a route now. Empty: no wallet can take its price. */
export function currentOffers({ snapshot }: CompiledApi, { route }: CompiledRoute): QuotedOffer[] {
  return offersOf(snapshot.wallets, route.strangerPriceNanoUsd);
}

/** What a payment may be for: the current offers, and those of challenges that are still alive. */
export function standingOffers(visit: Visit, api: CompiledApi, route: CompiledRoute): QuotedOffer[] {
  const offers = currentOffers(api, route);
  const aliveSinceMs = visit.startedAtMs - maxTimeoutSecondsDefault * 1000;
  for (const earlier of visit.gateway.registry.replacedSince(api.snapshot.apiId, aliveSinceMs)) {
    const priced = earlier.snapshot.routes.find(({ id }) => id === route.route.id);
    if (priced) offers.push(...offersOf(earlier.snapshot.wallets, priced.strangerPriceNanoUsd));
  }
  return offers;
}

function offersOf(wallets: readonly X402Wallet[], priceNanoUsd: NanoUsd | null): QuotedOffer[] {
  if (priceNanoUsd === null) return [];
  return wallets.flatMap((wallet) => {
    const quote = quoteX402(wallet, priceNanoUsd);
    return quote.kind === 'offered' ? [quote.offer] : [];
  });
}

/** What is paid for, by its public address: never by the Host header of a request. */
export function resourceOf(visit: Visit, { snapshot }: CompiledApi, { route }: CompiledRoute): PricedResource {
  return {
    url: `${visit.gateway.gatewayUrl}${visit.path}${visit.query}`,
    description: `${snapshot.apiName}: ${route.operationId}`,
    mimeType: 'application/json',
  };
}
