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

/** A payment as gateways report it. `version` grows with each move; a lower one never overwrites a higher one. */
export const paymentRecord = z.object({
  paymentId: z.string(),
  version: z.int().min(1),
  state: paymentState,
  rail: z.literal('x402'),
  protocolVersion: z.int(),
  claimKey: z.string(),
  livemode: z.boolean(),
  providerId: z.string(),
  apiId: z.string(),
  routeId: z.string(),
  requestId: z.string(),
  network: z.string(),
  asset: z.string(),
  payer: z.string(),
  payTo: z.string(),
  nonce: z.string(),
  /** In the token's own smallest unit. */
  amountAtomic: z.string().regex(/^\d{1,78}$/),
  priceNanoUsd: nanoUsdAmount,
  /** amountAtomic as nano-dollars minus the price: what quantizing to the token's unit added. */
  roundingNanoUsd: nanoUsdAmount,
  transaction: z.string().nullable(),
  reason: z.string().nullable(),
  validBefore: z.iso.datetime(),
  occurredAt: z.iso.datetime(),
});
export type PaymentRecord = z.output<typeof paymentRecord>;
