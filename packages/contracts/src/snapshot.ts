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

export const snapshotPlan = z.object({ planVersionId: z.string(), planKey: slug, version: z.int(), terms: planTerms });
export type SnapshotPlan = z.output<typeof snapshotPlan>;

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
  }),
  routes: z.array(snapshotRoute),
  extractors: z.array(z.object({ id: z.string(), rule: extractorRule })),
  meters: z.array(meterDefinition),
  plans: z.array(snapshotPlan),
  wallets: z.array(x402Wallet),
  policies: policyList,
});
export type ApiSnapshot = z.output<typeof apiSnapshot>;
