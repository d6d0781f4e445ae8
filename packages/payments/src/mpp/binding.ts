import { createHash } from 'node:crypto';
import { type NanoUsd, nanoUsd } from '@tollwright/core';
import { bodyDigest, decodeOpaque, encodeOpaque } from '@tollwright/protocols';
import type { PaidRequest, PaymentScope } from '../rail.ts';

/** The digest that a challenge carries for a call; undefined for a call without a body. */
export function digestOf({ body }: Pick<PaidRequest, 'body'>): string | undefined {
  return body === null || body.length === 0 ? undefined : bodyDigest(body);
}

/** What a challenge says of itself, and is believed: the price in nano-dollars, and what a method wants to remember. */
export type Bound = { readonly priceNanoUsd: NanoUsd; readonly memo: Readonly<Record<string, string>> };

const memoPrefix = 'memo.';

/**
 * What a challenge is good for, in its `opaque`: provider, API, route, method, target, price and key. A credential that was
 * made for one call pays for no other.
 */
export function opaqueOf({ priceNanoUsd, memo }: Bound, call: PaidRequest): string {
  const kept = Object.fromEntries(Object.entries(memo).map(([name, value]) => [memoPrefix + name, value]));
  const encoded = encodeOpaque({ ...scopeOf(call), ...kept, price: priceNanoUsd.toString() });
  if (encoded.kind === 'malformed') throw new RangeError(`a scope cannot be written: ${encoded.reason}`);
  return encoded.value;
}

/** What a challenge's `opaque` says, if it was made for this call; null if it was made for another. */
export function boundTo(opaque: string | undefined, call: PaidRequest): Bound | null {
  if (opaque === undefined) return null;
  const read = decodeOpaque(opaque);
  if (read.kind === 'malformed') return null;
  const { price = '', ...said } = read.value;
  const isForCall = Object.entries(scopeOf(call)).every(([name, value]) => said[name] === value);
  if (!isForCall || !/^\d{1,16}$/.test(price)) return null;
  const kept = Object.entries(said).filter(([name]) => name.startsWith(memoPrefix));
  const memo = Object.fromEntries(kept.map(([name, value]) => [name.slice(memoPrefix.length), value]));
  return { priceNanoUsd: nanoUsd(BigInt(price)), memo };
}

/** For whom a challenge was made, by its `opaque`; null for one that says nothing of it. */
export function scopeSaid(opaque: string | undefined): Pick<PaymentScope, 'providerId' | 'apiId' | 'routeId'> | null {
  if (opaque === undefined) return null;
  const read = decodeOpaque(opaque);
  if (read.kind === 'malformed') return null;
  const { tenant: providerId, api: apiId, route: routeId } = read.value;
  return providerId === undefined || apiId === undefined || routeId === undefined
    ? null
    : { providerId, apiId, routeId };
}

function scopeOf({ scope, resource }: PaidRequest): Record<string, string> {
  return {
    tenant: scope.providerId,
    api: scope.apiId,
    route: scope.routeId,
    method: scope.method,
    key: scope.keyId ?? '',
    target: createHash('sha256').update(resource.url).digest('base64url'),
  };
}
