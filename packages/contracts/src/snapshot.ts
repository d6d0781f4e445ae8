import { z } from 'zod';
import { extractorRule, meterDefinition } from './extractor.ts';
import { fieldName, nanoUsdAmount, slug } from './json.ts';
import { planTerms } from './plan-terms.ts';
import { policyList, requestSchema } from './policy.ts';
import { railFees } from './rail-fees.ts';
import { stepUp, verifiedPayers } from './step-up.ts';
import { volumeDiscount } from './volume-discount.ts';

/** The event type of every call that passes the gateway. */
export const REQUEST_EVENT_TYPE = 'request';

/** How a token may come: by its own authorizations (ERC-3009), or moved by Permit2, which payers let do so once. */
export const transferMethod = z.enum(['eip3009', 'permit2']);

/** Where strangers' x402 payments of this API go. `network` is CAIP-2; `asset` the token contract. */
export const x402Wallet = z.object({
  kind: z.literal('x402'),
  network: z.string().regex(/^eip155:\d{1,12}$/),
  asset: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  tokenName: z.string(),
  tokenVersion: z.string(),
  decimals: z.int().min(0).max(18),
  payTo: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  /** Left out: fixed amounts by the token's own authorizations, ceilings by Permit2, as they must. */
  transferMethods: z.array(transferMethod).min(1).optional(),
});
export type X402Wallet = z.output<typeof x402Wallet>;

/** Where something is sold, as Stripe Tax is told. */
export const taxPlace = z.object({
  /** ISO 3166-1, two letters. */
  country: z.string().regex(/^[A-Z]{2}$/),
  state: z.string().min(1).max(64).nullable().default(null),
  postalCode: z.string().min(1).max(20).nullable().default(null),
});
export type TaxPlace = z.output<typeof taxPlace>;

/** What a provider has tax calculated by. Prices include it: what payers are asked for stays as it is. */
export const stripeTax = z.object({
  /** What is sold, by Stripe's list. */
  code: z.string().regex(/^txcd_\d{8}$/),
  /** The head office: where it counts as sold while nobody says where the payer is. */
  headOffice: taxPlace,
});
export type StripeTax = z.output<typeof stripeTax>;

/** The Stripe account of a provider, which takes cards and the like by shared payment tokens. */
export const stripeAccount = z.object({
  kind: z.literal('stripe'),
  /** The business profile that agents grant tokens to. */
  networkId: z.string().regex(/^profile_[A-Za-z0-9_]{1,64}$/),
  currency: z.literal('usd'),
  paymentMethodTypes: z.array(z.enum(['card', 'link'])).min(1),
  /** The account's secret key as ciphertext, see sealed-secret.ts. */
  sealedKey: z.string(),
  /** Absent: no tax is calculated. */
  tax: stripeTax.optional(),
  /** What card statements show behind the account's name; absent: nothing. */
  statementSuffix: z
    .string()
    .regex(/^(?=.*[A-Za-z])[A-Za-z0-9 .-]{1,12}$/, 'must be 1 to 12 letters, digits, spaces, dots and hyphens')
    .optional(),
});
export type StripeAccount = z.output<typeof stripeAccount>;

/** Where payments by Tempo's own transactions go. `asset` is a TIP-20 token. */
export const tempoWallet = x402Wallet.pick({ network: true, asset: true, decimals: true, payTo: true }).extend({
  kind: z.literal('tempo'),
  /** Who settles channels beside `payTo`. Left out: nobody does, and no sessions are offered. */
  operator: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .optional(),
});
export type TempoWallet = z.output<typeof tempoWallet>;

/** Where payments go, whatever they are made with. */
export const wallet = z.discriminatedUnion('kind', [x402Wallet, stripeAccount, tempoWallet]);
export type Wallet = z.output<typeof wallet>;

/**
 * Answers that strangers do not pay for although they are no failures: with one of these statuses, or of which the extractor
 * counts none of a field, such as results.
 */
export const freeAnswers = z.object({
  statuses: z.array(z.int().min(200).max(299)).max(20).default([]),
  zeroField: fieldName.nullable().default(null),
});
export type FreeAnswers = z.output<typeof freeAnswers>;

/** Thirty days: what a payer may come back for without paying again. */
export const ACCESS_SECONDS_MAX = 30 * 86_400;

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
  /**
   * Strangers pay what a call used, by the rate cards of a plan, and at most so much. Absent: they pay `strangerPriceNanoUsd`,
   * which is null beside it, so that a gateway which knows no ceilings sells nothing at a wrong price.
   */
  strangerCeiling: z.object({ ceilingNanoUsd: nanoUsdAmount, planVersionId: z.string() }).optional(),
  /** Whether a stranger's money is taken before the call is forwarded or after its answer came. Absent: after. */
  settles: z.enum(['after', 'before']).optional(),
  /**
   * Strangers are answered before their payment is settled, as long as what a payer has open so comes to no more. Beside it
   * `settles` is `before`: that is how all others are served. Absent: nobody is.
   */
  exposureCapNanoUsd: nanoUsdAmount.optional(),
  /** For so long after a payment for this route its payer gets in by signing in, at no charge. Absent: every call is paid for. */
  accessSeconds: z.int().min(1).max(ACCESS_SECONDS_MAX).optional(),
  /** Who pays often on this API pays less than `strangerPriceNanoUsd` for a call here. Absent: all pay the same. */
  discount: volumeDiscount.optional(),
  /** Absent: strangers pay for every answer that is no failure. */
  freeAnswers: freeAnswers.optional(),
  /** Absent: payments of any size are taken from anybody. */
  stepUp: stepUp.optional(),
  policies: policyList,
  /** What the document calls the operation, in a few words. Absent: it does not say, or nobody published it since. */
  summary: z.string().max(200).optional(),
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
  /** Whether anybody may subscribe to this version. Absent: nobody said so since strangers are told of plans. */
  isOnOffer: z.boolean().optional(),
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
  wallets: z.array(wallet),
  /** What rails cost the provider: offers are in the order of what is left. Left out, and rails left out: railFeesOf. */
  railFees: railFees.optional(),
  /** Who may pay beyond the limits of `stepUp`. Absent: nobody is known. */
  verifiedPayers: verifiedPayers.optional(),
  policies: policyList,
});
export type ApiSnapshot = z.output<typeof apiSnapshot>;
