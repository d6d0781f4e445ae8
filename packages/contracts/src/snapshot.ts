import { z } from 'zod';
import { extractorRule, meterDefinition } from './extractor.ts';
import { nanoUsdAmount, slug } from './json.ts';
import { planTerms } from './plan-terms.ts';
import { policyList, requestSchema } from './policy.ts';

/** The event type of every call that passes the gateway. */
export const REQUEST_EVENT_TYPE = 'request';

/** Where strangers' x402 payments of this API go. `network` is CAIP-2; `asset` the token contract. */
export const x402Wallet = z.object({
  kind: z.literal('x402'),
  network: z.string().regex(/^eip155:\d{1,12}$/),
  asset: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  tokenName: z.string(),
  tokenVersion: z.string(),
  decimals: z.int().min(0).max(18),
  payTo: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
});
export type X402Wallet = z.output<typeof x402Wallet>;

/** A path and method of the OpenAPI document. `pathTemplate` keeps OpenAPI's braces: `/users/{id}`. */
export const snapshotRoute = z.object({
  id: z.string(),
  operationId: z.string(),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  pathTemplate: z.string().startsWith('/'),
  /** Reads the answer into event fields; null meters requests only. */
  extractorId: z.string().nullable(),
  bodyBytesMax: z
    .int()
    .min(0)
    .max(64 * 1024 * 1024),
  /** Price of one call without a key; null refuses strangers with 401. */
  strangerPriceNanoUsd: nanoUsdAmount.nullable(),
  policies: policyList,
  /** What the OpenAPI operation takes; absent where nobody read it. */
  requestSchema: requestSchema.optional(),
});
export type SnapshotRoute = z.output<typeof snapshotRoute>;

export const snapshotPlan = z.object({
  planVersionId: z.string(),
  planKey: slug,
  /** What people call it. Absent: nobody published it since gateways tell keys. */
  planName: z.string().optional(),
  version: z.int(),
  terms: planTerms,
});
export type SnapshotPlan = z.output<typeof snapshotPlan>;

/** Another address of the same API: same paths, same credential. */
export const upstreamFallback = z.object({ baseUrl: z.url() });
export type UpstreamFallback = z.output<typeof upstreamFallback>;

/**
 * When an upstream address is left alone for a while: after so many failures in a row, or when their share of the calls of
 * a window is that large. Failures are connections, deadlines, broken answers, and 502, 503 and 504.
 */
export const breakerOptions = z.object({
  failuresInARow: z.int().min(1).max(10_000),
  failurePercent: z.int().min(1).max(100),
  windowMs: z.int().min(100).max(600_000),
  /** Calls in the window below which their share says nothing. */
  callsMin: z.int().min(1).max(100_000),
  /** How long nobody is let through before one call probes. */
  openMs: z.int().min(100).max(600_000),
});
export type BreakerOptions = z.output<typeof breakerOptions>;

/** The breaker of an API that names none. */
export const BREAKER_DEFAULT: BreakerOptions = {
  failuresInARow: 10,
  failurePercent: 50,
  windowMs: 10_000,
  callsMin: 20,
  openMs: 2_000,
};

/** What a provider chose for an API: `default` follows BREAKER_DEFAULT of whatever gateway serves it, `off` has none. */
export const upstreamBreaker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('default') }),
  z.object({ kind: z.literal('off') }),
  breakerOptions.extend({ kind: z.literal('custom') }),
]);
export type UpstreamBreaker = z.output<typeof upstreamBreaker>;

/** Addresses beside the first, in the order in which they are tried. */
export const UPSTREAM_FALLBACKS_MAX = 4;

/**
 * Everything a gateway needs to serve one API: compiled, immutable, numbered. `version` grows by one with each publication.
 * Upstream credentials are ciphertext (see sealed-secret.ts); amounts are decimal strings on the wire.
 */
export const apiSnapshot = z.object({
  schemaVersion: z.literal(1),
  apiId: z.string(),
  providerId: z.string(),
  providerSlug: slug,
  apiSlug: slug,
  apiName: z.string(),
  livemode: z.boolean(),
  version: z.int().min(1),
  upstream: z.object({
    baseUrl: z.url(),
    credential: z.object({ header: z.string(), sealedValue: z.string() }).nullable(),
    connectTimeoutMs: z.int().min(1),
    firstByteTimeoutMs: z.int().min(1),
    idleTimeoutMs: z.int().min(1),
    totalTimeoutMs: z.int().min(1),
    /** Tried while nothing of a call was written to an upstream. None where it is left out. */
    fallbacks: z.array(upstreamFallback).max(UPSTREAM_FALLBACKS_MAX).optional(),
    /** Left out: BREAKER_DEFAULT. Null: none. */
    breaker: breakerOptions.nullable().optional(),
  }),
  routes: z.array(snapshotRoute),
  extractors: z.array(z.object({ id: z.string(), rule: extractorRule })),
  meters: z.array(meterDefinition),
  plans: z.array(snapshotPlan),
  wallets: z.array(x402Wallet),
  policies: policyList,
});
export type ApiSnapshot = z.output<typeof apiSnapshot>;
