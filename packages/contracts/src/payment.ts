import { nanoUsd } from '@tollwright/core';
import { z } from 'zod';
import { nanoUsdAmount } from './json.ts';

/** The settlement machine. Refund states belong to rails that refund; they are named here so that stored rows stay readable. */
export const PAYMENT_STATES = [
  'claimed',
  'verified',
  'served',
  'settling',
  'settled',
  'failed',
  'unknown',
  'released',
  'refunding',
  'refunded',
  'credited',
] as const;
export const paymentState = z.enum(PAYMENT_STATES);
export type PaymentState = z.output<typeof paymentState>;

const UNDER_WAY: ReadonlySet<PaymentState> = new Set(['claimed', 'verified', 'served', 'settling', 'unknown']);

/** Whether it is not known yet what becomes of a payment in this state. */
export function isUnderWay(state: PaymentState): boolean {
  return UNDER_WAY.has(state);
}

/** The ways to pay: `x402`, and the methods of the Machine Payments Protocol. */
export const PAYMENT_RAILS = ['x402', 'evm', 'stripe', 'tempo'] as const;
export const paymentRail = z.enum(PAYMENT_RAILS);
export type PaymentRail = z.output<typeof paymentRail>;

/** `exact` and `charge`: a fixed amount, once. `upto`: at most what was authorized. `session`: vouchers of a channel. */
export const paymentScheme = z.enum(['exact', 'upto', 'charge', 'session']);
export type PaymentScheme = z.output<typeof paymentScheme>;

/** What is bought where a payment pays for no call: credit of a customer, or of one of its agents alone. */
export const topUp = z.object({
  customerId: z.string(),
  /** Null: of the customer, for all agents that have no balance of their own. */
  agentId: z.string().nullable(),
  creditNanoUsd: nanoUsdAmount,
});
export type TopUp = z.output<typeof topUp>;

/** The tax that a processor calculated of a payment, which is within its amount; or why it calculated none. */
export const paymentTax = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('calculated'),
    /** In the smallest unit of the payment's asset. */
    amountAtomic: z.string().regex(/^\d{1,78}$/),
    /** Its id at the processor. */
    calculation: z.string(),
  }),
  z.object({ kind: z.literal('missing'), reason: z.string() }),
]);
export type PaymentTax = z.output<typeof paymentTax>;

/** A payment as gateways report it. `version` grows with each move; a lower one never overwrites a higher one. */
export const paymentRecord = z.object({
  paymentId: z.string(),
  version: z.int().min(1),
  state: paymentState,
  rail: paymentRail,
  scheme: paymentScheme.default('exact'),
  /** When its money is taken: after the answer came, before the call, or after the answer went out. */
  settles: z.enum(['after', 'before', 'optimistic']).default('after'),
  protocolVersion: z.int(),
  claimKey: z.string(),
  livemode: z.boolean(),
  providerId: z.string(),
  apiId: z.string(),
  routeId: z.string(),
  requestId: z.string(),
  /** CAIP-2, or the name of a processor. */
  network: z.string(),
  /** A token's contract, or a currency in lower case. */
  asset: z.string(),
  /** Empty while only a processor knows. */
  payer: z.string(),
  payTo: z.string(),
  /** What makes the authorization single: a nonce, or the id of a challenge. */
  nonce: z.string(),
  /** In the smallest unit of the asset. */
  amountAtomic: z.string().regex(/^\d{1,78}$/),
  priceNanoUsd: nanoUsdAmount,
  /** amountAtomic as nano-dollars minus the price: what quantizing to the token's unit added. */
  roundingNanoUsd: nanoUsdAmount,
  /** What the rail takes of it, as the provider's fee table estimates. Nothing while nothing was, or will be, taken. */
  feeNanoUsd: nanoUsdAmount.default(nanoUsd(0n)),
  transaction: z.string().nullable(),
  reason: z.string().nullable(),
  validBefore: z.iso.datetime(),
  /** What its rail needs to find the payment again, and to give it back. */
  details: z.record(z.string(), z.string()).default({}),
  /** Absent: none was wanted, or it is not settled. */
  tax: paymentTax.optional(),
  /** Absent: it pays for the call that it came with. */
  topUp: topUp.optional(),
  /** What an owner approved that lets it be paid; null where nothing had to be. */
  approvalId: z.string().nullable().default(null),
  /** For so long after it is settled its payer gets into its route by signing in. Absent: not at all. */
  accessSeconds: z.int().positive().optional(),
  /**
   * In whose volume on its API it counts once it is settled: `customer:<id>` or `wallet:<address>`. Absent: nobody's, since nothing
   * there has a discount, or nobody knows who pays.
   */
  volumePayer: z.string().optional(),
  /** Whose key was shown beside the payment, where it paid for what a plan did not cover; null of strangers. */
  customerId: z.string().nullable().default(null),
  agentId: z.string().nullable().default(null),
  keyId: z.string().nullable().default(null),
  /** When it was found to be good, and when it was known to be settled; null before, and of what earlier releases wrote. */
  verifiedAt: z.iso.datetime().nullable().default(null),
  settledAt: z.iso.datetime().nullable().default(null),
  occurredAt: z.iso.datetime(),
});
export type PaymentRecord = z.output<typeof paymentRecord>;
